using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.SessionEndpoints;

/// <summary>What a circuit is no way for: taking a person's picture, serving it, and giving them their data as a file.</summary>
internal static class PictureRoutes
{
    /// <summary>The address is made from what it holds; whose it is, is for one browser to keep.</summary>
    private const string CacheForGood = "private, max-age=31536000, immutable";

    public static IEndpointRouteBuilder MapPictures(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/account/picture", SetAsync);
        endpoints.MapPost("/account/picture/remove", RemoveAsync);
        endpoints.MapGet("/profile-picture/{key:length(64)}", ShowAsync);
        return endpoints;
    }

    /// <summary>The address of a picture, relative to the tenant.</summary>
    public static string AddressOf(string key) => $"profile-picture/{key}";

    private static async Task<RedirectHttpResult> SetAsync(
        HttpContext context, AccountPictures pictures, TenantContext tenant, PortalVisit visit, IFormFile? picture, CancellationToken cancellationToken)
    {
        if (SessionClaims.Read(context.User) is not { } person)
        {
            return RedirectInside(context, "sign-in?returnUrl=account%2Fprofile");
        }

        if (picture is null || picture.Length == 0)
        {
            return RedirectInside(context, "account/profile?picture=unknown");
        }

        if (picture.Length > AccountPictures.MaximumBytes)
        {
            return RedirectInside(context, "account/profile?picture=too-large");
        }

        using var content = new MemoryStream();
        await picture.CopyToAsync(content, cancellationToken);
        return RedirectInside(context, await pictures.SetAsync(
            tenant.Required.Id, person.SessionId, content.ToArray(), visit.Facts, cancellationToken) switch
        {
            PictureResult.Done => "account/profile?picture=saved",
            PictureResult.TooLarge => "account/profile?picture=too-large",
            PictureResult.NoPicture => "account/profile?picture=unknown",
            _ => "sign-in?returnUrl=account%2Fprofile",
        });
    }

    private static async Task<RedirectHttpResult> RemoveAsync(
        HttpContext context, AccountPictures pictures, TenantContext tenant, PortalVisit visit, IFormCollection form, CancellationToken cancellationToken)
    {
        // Nothing in the form is needed; taking it is what has its antiforgery token checked.
        _ = form;
        return SessionClaims.Read(context.User) is { } person
            && await pictures.RemoveAsync(tenant.Required.Id, person.SessionId, visit.Facts, cancellationToken) is not null
                ? RedirectInside(context, "account/profile?picture=saved")
                : RedirectInside(context, "sign-in?returnUrl=account%2Fprofile");
    }

    private static async Task<IResult> ShowAsync(string key, HttpContext context, PortalDbContext database, CancellationToken cancellationToken)
    {
        if (await database.ProfilePictures.AsNoTracking().SingleOrDefaultAsync(p => p.Key == key, cancellationToken) is not { } picture)
        {
            return TypedResults.NotFound();
        }

        context.Response.Headers.CacheControl = CacheForGood;

        // A picture opened on its own is a document: it may do nothing at all.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        return TypedResults.Bytes(picture.Content, picture.ContentType);
    }

    private static RedirectHttpResult RedirectInside(HttpContext context, string relative) =>
        TypedResults.LocalRedirect($"{context.Request.PathBase}/{relative}");
}
