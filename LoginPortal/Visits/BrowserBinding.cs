using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Visits;

/// <summary>
/// The cookie that binds sign-ins to the browser that started them. It is a random value that says nothing of the person and
/// ends with the browser.
/// </summary>
internal static class BrowserBinding
{
    private const string Name = "__Host-portal.browser";

    /// <summary>The hash of the browser's binding, after setting the cookie if the browser has none.</summary>
    public static string Ensure(HttpContext context, TenantProfile tenant)
    {
        var name = TenantCookieName.For(Name, tenant);
        if (context.Request.Cookies[name] is { Length: > 0 and <= 128 } present)
        {
            return Secret.Hash(present);
        }

        var value = Secret.Create();
        context.Response.Cookies.Append(name, value, new CookieOptions
        {
            HttpOnly = true,
            Secure = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
        });
        return Secret.Hash(value);
    }
}
