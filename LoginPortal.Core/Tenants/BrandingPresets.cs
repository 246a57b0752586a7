namespace LoginPortal.Core.Tenants;

/// <summary>Looks to start from. Each can be read by everybody in light and dark (WCAG 2.2 AA), as a test holds.</summary>
public static class BrandingPresets
{
    /// <summary>The presets, in the order in which they are shown.</summary>
    public static IReadOnlyList<BrandingPreset> All { get; } =
    [
        new("Portal", Branding.Default.Light, Branding.Default.Dark, 16, FontStack.System, PageLayout.Card),
        new(
            "Harbour",
            new BrandPalette("#0b5c8a", "#ffffff", "#edf4f8", "#ffffff", "#12222e"),
            new BrandPalette("#7cc4ee", "#06202f", "#0a141b", "#13212b", "#e6f0f6"),
            12, FontStack.Humanist, PageLayout.Card, new BrandBackground { Light = "#d3e6f1", Dark = "#0f2532", Angle = 170 }),
        new(
            "Forest",
            new BrandPalette("#1f6b3a", "#ffffff", "#f2f6ef", "#ffffff", "#1a231c"),
            new BrandPalette("#86d6a0", "#07210f", "#0c120e", "#162019", "#e7f0e9"),
            20, FontStack.Rounded, PageLayout.Card, new BrandBackground { Light = "#dfeadb", Dark = "#142a1c", Angle = 200 }),
        new(
            "Ember",
            new BrandPalette("#b4380a", "#ffffff", "#fbf4ee", "#ffffff", "#2a1f1a"),
            new BrandPalette("#ffa57a", "#341203", "#160f0c", "#231a16", "#f6ece7"),
            24, FontStack.Geometric, PageLayout.Split, new BrandBackground { Light = "#ffd9b8", Dark = "#4a1f10", Angle = 145 }),
        new(
            "Plum",
            new BrandPalette("#7a2a82", "#ffffff", "#f8f2f8", "#ffffff", "#271c29"),
            new BrandPalette("#e3a3ea", "#2c0930", "#130e14", "#201823", "#f3eaf4"),
            14, FontStack.Geometric, PageLayout.Card, new BrandBackground { Light = "#ecd9f2", Dark = "#2a1531", Angle = 135 }),
        new(
            "Graphite",
            new BrandPalette("#24272e", "#ffffff", "#f3f3f4", "#ffffff", "#17181b"),
            new BrandPalette("#e6e7ea", "#16181c", "#0e0f11", "#191b1f", "#eeeff1"),
            4, FontStack.System, PageLayout.Plain),
        new(
            "Paper",
            new BrandPalette("#7a3b12", "#fffaf2", "#f7f1e5", "#fffcf5", "#2b2319"),
            new BrandPalette("#e0b48a", "#2b1707", "#15110c", "#211b14", "#f2e9dc"),
            2, FontStack.Serif, PageLayout.Card),
        new(
            "Lagoon",
            new BrandPalette("#0a6b6b", "#ffffff", "#ecf6f5", "#ffffff", "#102424"),
            new BrandPalette("#5fd9cf", "#032a27", "#071312", "#10201f", "#e2f3f1"),
            28, FontStack.Rounded, PageLayout.Split, new BrandBackground { Light = "#b8e8e0", Dark = "#0c3a3a", Angle = 160 }),
    ];
}

/// <summary>A look to start from: colours, shape and typeface. Pictures, words and links are the tenant's own.</summary>
/// <param name="Name">What it is called; its words are <c>Administration.Branding.Preset.{Name}</c>.</param>
/// <param name="Light">The colours on light.</param>
/// <param name="Dark">The colours on dark.</param>
/// <param name="CornerRadius">See <see cref="Branding.CornerRadius"/>.</param>
/// <param name="Font">See <see cref="Branding.Font"/>.</param>
/// <param name="Layout">See <see cref="Branding.Layout"/>.</param>
/// <param name="Background">What is behind the card, or beside the form; <see langword="null"/> for the canvas alone.</param>
public sealed record BrandingPreset(
    string Name, BrandPalette Light, BrandPalette Dark, int CornerRadius, FontStack Font, PageLayout Layout, BrandBackground? Background = null)
{
    /// <summary>The branding with this look. Logos, icon, a typeface of the tenant's own, words, links and styles stay.</summary>
    public Branding ApplyTo(Branding branding)
    {
        ArgumentNullException.ThrowIfNull(branding);
        return branding with
        {
            ColorScheme = ColorScheme.Auto,
            Light = Light,
            Dark = Dark,
            CornerRadius = CornerRadius,
            Font = Font,
            Layout = Layout,
            Background = Background,
        };
    }
}
