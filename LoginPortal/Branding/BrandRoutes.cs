using System.Text;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Branding;

/// <summary>
/// Serves the tenant's stylesheet and pictures. Their addresses are made from what they hold, so they are cached for good, and
/// no page ever mixes two revisions.
/// </summary>
internal static class BrandRoutes
{
    private const string CacheForGood = "public, max-age=31536000, immutable";

    public static IEndpointRouteBuilder MapBrand(this IEndpointRouteBuilder endpoints)
    {
        var brand = endpoints.MapGroup("/brand");
        brand.MapGet("/{version:guid}.css", StylesheetAsync).WithMetadata(new WithoutTenantAttribute { UnderUnknownTenant = true });
        brand.MapGet("/assets/{key:length(64)}", AssetAsync);
        return endpoints;
    }

    /// <summary>
    /// The address of the live stylesheet, relative to the tenant. Without a tenant it is the portal's own, and lies above any <c>/t/{slug}</c>: there it
    /// is served even where no tenant can be looked up.
    /// </summary>
    public static string StylesheetOf(TenantProfile? tenant) =>
        tenant is null ? $"../../brand/{Guid.Empty}.css" : $"brand/{tenant.BrandingVersion}.css";

    /// <summary>The address of the logo, relative to the tenant; <see langword="null"/> if it has none.</summary>
    public static string? LogoOf(TenantProfile tenant) =>
        (tenant.Branding.ColorScheme == ColorScheme.Dark ? tenant.Branding.LogoDark ?? tenant.Branding.LogoLight : tenant.Branding.LogoLight) is { } key
            ? $"brand/assets/{key}"
            : null;

    /// <summary>The address of the tab's icon, likewise.</summary>
    public static string? FaviconOf(TenantProfile? tenant) => tenant?.Branding.Favicon is { } key ? $"brand/assets/{key}" : null;

    private static async Task<IResult> StylesheetAsync(
        Guid version, HttpContext context, PortalDbContext database, TenantContext tenant, CancellationToken cancellationToken)
    {
        var branding = version == (tenant.Current?.BrandingVersion ?? Guid.Empty)
            ? tenant.Current?.Branding ?? Core.Tenants.Branding.Default
            : tenant.Current is { } current
                ? await database.BrandingRevisions.AsNoTracking()
                    .Where(revision => revision.Id == version && revision.TenantId == current.Id)
                    .Select(revision => revision.Document)
                    .SingleOrDefaultAsync(cancellationToken)
                : null;
        if (branding is null)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.CacheControl = CacheForGood;
        return TypedResults.Text(BrandingStylesheet.Write(branding), "text/css", Encoding.UTF8);
    }

    private static async Task<IResult> AssetAsync(
        string key, HttpContext context, PortalDbContext database, CancellationToken cancellationToken)
    {
        var asset = await database.BrandAssets.AsNoTracking().SingleOrDefaultAsync(a => a.Key == key, cancellationToken);
        if (asset is null)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.CacheControl = CacheForGood;

        // A picture opened on its own is a document: it may style itself, and nothing else.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        return TypedResults.Bytes(asset.Content, asset.ContentType);
    }
}
