using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>Turns what Core says into the contract's own shapes; decides nothing.</summary>
internal static class TenantAuthMapper
{
    /// <summary>Accounts are made by operators and administrators until there is a registration step.</summary>
    private const bool RegistrationOpen = false;

    public static BrandingResponse ToBranding(TenantProfile tenant, Uri portalOrigin)
    {
        var branding = tenant.Branding;
        return new BrandingResponse(
            tenant.DisplayName,
            branding.ColorScheme,
            new BrandingColors(branding.Light, branding.Dark),
            branding.CornerRadius,
            AssetAddress(branding.LogoLight),
            AssetAddress(branding.LogoDark ?? branding.LogoLight),
            branding.Texts,
            tenant.Policy.Languages,
            ["password"],
            RegistrationOpen,
            branding.TermsLink,
            branding.PrivacyLink,
            branding.SupportLink);

        Uri? AssetAddress(string? key) =>
            key is null ? null : new Uri(tenant.BaseAddress(portalOrigin), $"brand/assets/{key}");
    }
}
