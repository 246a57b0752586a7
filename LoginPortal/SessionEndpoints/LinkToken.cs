using LoginPortal.Core.Tenants;
using LoginPortal.Security;
using LoginPortal.Visits;

namespace LoginPortal.SessionEndpoints;

/// <summary>
/// Takes the token of a one-time link out of the address as soon as it arrives, so that it stays in no history, no log and no
/// Referer: it waits in a cookie for the form that spends it. Opening the link spends nothing.
/// </summary>
internal sealed class LinkToken(TenantContext tenant)
{
    private const string Parameter = "token";
    private static readonly TimeSpan Lifetime = TimeSpan.FromHours(1);

    /// <summary>Moves the token into the cookie and redirects to the same page without it, and with whatever else the link says.</summary>
    /// <returns><see langword="false"/> if there is no token in the address.</returns>
    public bool MoveOutOfAddress(HttpContext context)
    {
        if (!HttpMethods.IsGet(context.Request.Method) || context.Request.Query[Parameter].ToString() is not { Length: > 0 and <= 128 } token)
        {
            return false;
        }

        context.Response.Cookies.Append(NameAt(context), token, new CookieOptions
        {
            HttpOnly = true,
            Secure = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
            MaxAge = Lifetime,
        });
        var rest = QueryString.Create(context.Request.Query.Where(parameter => parameter.Key != Parameter));
        context.Response.Redirect(context.Request.PathBase + context.Request.Path + rest);
        return true;
    }

    /// <summary>The token; <see langword="null"/> if there is none.</summary>
    public string? Read(HttpContext context) => context.Request.Cookies[NameAt(context)];

    /// <summary>Removes the token once it is spent.</summary>
    public void Forget(HttpContext context) =>
        context.Response.Cookies.Delete(NameAt(context), new CookieOptions { Path = "/", Secure = true, HttpOnly = true });

    /// <summary>Each page that takes links has a cookie of its own: two links can be open at once.</summary>
    private string NameAt(HttpContext context) =>
        TenantCookieName.For($"{CookieNames.Link}-{context.Request.Path.Value!.Trim('/').ToLowerInvariant()}", tenant.Required);
}
