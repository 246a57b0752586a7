using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Setup;

/// <summary>The look of the two demo organisations: one light and warm, one dark and technical.</summary>
internal static class DemoBranding
{
    public const string AcmeLogo =
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 150 40" role="img" aria-label="Acme"><path fill="#c2410c" d="M20 3 37 36H27.5L20 20.5 12.500 36H3z"/><circle cx="20" cy="31" r="4.500" fill="#f59e0b"/><g fill="none" stroke="#43302b" stroke-width="4.600" stroke-linecap="round" stroke-linejoin="round"><path d="M63 15.500v14.500M63 23a7.500 7.300 0 1 1-15 0 7.500 7.300 0 1 1 15 0zM83 17.500a7.500 7.300 0 1 0 0 11M91 30V15.700M91 22c0-4 2-6.500 5.300-6.500s5 2.500 5 6.500v8M101.300 22c0-4 2-6.500 5.300-6.500s5 2.500 5 6.500v8M119.500 22.800h14.300a7.200 7.300 0 1 0-2.300 5.500"/></g></svg>
        """;

    public const string GlobexLogo =
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 190 40" role="img" aria-label="Globex"><g fill="none" stroke="#2dd4bf" stroke-width="2.600"><circle cx="20" cy="20" r="15"/><ellipse cx="20" cy="20" rx="6.500" ry="15"/><path d="M5.500 15h29M5.500 25h29"/></g><g fill="none" stroke="#e6fffb" stroke-width="3.600" stroke-linecap="square"><path d="M63 14.500a8.500 8.500 0 1 0 1.500 5.500h-6.500M73 11.500v17h9M99 20a6.500 8.500 0 1 1-13 0 6.500 8.500 0 1 1 13 0zM107 11.500v17h5.500a4.300 4.300 0 0 0 0-8.700H107h4.700a4.100 4.100 0 0 0 0-8.300zM135 11.500h-9v17h9M126 20h7.500M143 12l11 16.500M154 12l-11 16.500"/></g></svg>
        """;

    public static Branding Acme { get; } = new()
    {
        Light = new BrandPalette("#b93a0a", "#ffffff", "#fbf5ef", "#ffffff", "#2b211d"),
        ColorScheme = ColorScheme.Light,
        CornerRadius = 20,
        Font = FontStack.Humanist,
        SupportLink = new Uri("mailto:help@acme.example"),
        PrivacyLink = new Uri("https://acme.example/privacy"),
        TermsLink = new Uri("https://acme.example/terms"),
        Texts = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal)
        {
            ["en"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["SignIn.Welcome"] = "Welcome to Acme" },
            ["de"] = new Dictionary<string, string>(StringComparer.Ordinal) { ["SignIn.Welcome"] = "Willkommen bei Acme" },
        },
    };

    public static Branding Globex { get; } = new()
    {
        Dark = new BrandPalette("#2dd4bf", "#042f2e", "#070d14", "#0f1823", "#e5f0f5"),
        ColorScheme = ColorScheme.Dark,
        CornerRadius = 6,
        Font = FontStack.Geometric,
        Layout = PageLayout.Split,
        SupportLink = new Uri("https://globex.example/help"),
        PrivacyLink = new Uri("https://globex.example/privacy"),
    };
}
