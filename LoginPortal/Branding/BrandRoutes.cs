using System.Globalization;
using System.Text;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.SessionEndpoints;
using LoginPortal.Tenancy;
using LoginPortal.Visits;
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
        endpoints.MapGet("/admin/branding/export", ExportAsync);
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

    /// <summary>The address of the logo for devices that prefer dark, where the tenant leaves it to them and has another one for it.</summary>
    public static string? DarkLogoOf(TenantProfile tenant) =>
        tenant.Branding is { ColorScheme: ColorScheme.Auto, LogoDark: { } key } ? $"brand/assets/{key}" : null;

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

    /// <summary>What is published is for everybody and for good; what is only in a draft is for the tenant's administrators.</summary>
    private static async Task<IResult> AssetAsync(
        string key, HttpContext context, PortalDbContext database, BrandingAssets assets, TenantContext tenant, PortalVisit visit, CancellationToken cancellationToken)
    {
        var asset = await database.BrandAssets.AsNoTracking().SingleOrDefaultAsync(a => a.Key == key && a.DraftUntil == null, cancellationToken);
        context.Response.Headers.CacheControl = asset is null ? "no-store" : CacheForGood;
        if (asset is null
            && SessionClaims.Read(context.User) is { } person
            && await assets.FindAsync(new AdministratorSession(tenant.Required.Id, person.SessionId, visit.Facts), key, cancellationToken)
                is AdministrationResult<BrandAsset?>.Answered(var draft))
        {
            asset = draft;
        }

        if (asset is null)
        {
            return TypedResults.NotFound();
        }

        // A picture opened on its own is a document: it may style itself, and nothing else.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        return TypedResults.Bytes(asset.Content, asset.ContentType);
    }

    /// <summary>The branding as a file; whoever may not have it is told why on the studio's page.</summary>
    private static async Task<IResult> ExportAsync(
        HttpContext context, BrandingFiles files, TenantContext tenant, PortalVisit visit, TimeProvider time, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "no-store";
        return SessionClaims.Read(context.User) is { } person
            && await files.WriteAsync(new AdministratorSession(tenant.Required.Id, person.SessionId, visit.Facts), cancellationToken)
                is AdministrationResult<byte[]>.Answered(var content)
                ? TypedResults.File(
                    content,
                    "application/json",
                    string.Create(CultureInfo.InvariantCulture, $"branding-{tenant.Required.Slug}-{time.GetUtcNow():yyyy-MM-dd}.json"))
                : TypedResults.LocalRedirect($"{context.Request.PathBase}/admin/branding");
    }
}
