using LoginPortal.Core.Tenants;

namespace LoginPortal.Branding;

/// <summary>A request for a page in a look that is not published yet.</summary>
/// <param name="Version">The draft's version, so that the style sheet's address is another with each.</param>
/// <param name="Scheme">The palette to be shown, whatever the device prefers.</param>
internal sealed record BrandingPreview(int Version, ColorScheme Scheme)
{
    /// <summary>The address of the previews, relative to the tenant.</summary>
    public const string Address = "admin/branding/preview";

    /// <summary>The address of the style sheet, likewise.</summary>
    public string StylesheetAddress => $"{Address}/style.css?version={Version}&scheme={Scheme.ToString().ToLowerInvariant()}";
}

/// <summary>Tells previews from pages.</summary>
internal static class BrandingPreviewRequests
{
    /// <summary>The preview that the request is for; <see langword="null"/> for a page as everybody sees it.</summary>
    public static BrandingPreview? Preview(this HttpContext context) => context.Features.Get<BrandingPreview>();
}
