using LoginPortal.Core.Tenants;
using LoginPortal.Core.TrustedDevices;

namespace LoginPortal.Visits;

/// <summary>The cookie of a browser that a person trusted. Its token stands in for the second factor, never for the first.</summary>
internal static class TrustedDeviceCookie
{
    private const string Name = "__Host-portal.device";

    public static string? Read(HttpContext context, TenantProfile tenant) =>
        context.Request.Cookies[TenantCookieName.For(Name, tenant)] is { Length: > 0 and <= 128 } token ? token : null;

    public static void Write(HttpContext context, TenantProfile tenant, NewTrustedDevice device) => context.Response.Cookies.Append(
        TenantCookieName.For(Name, tenant),
        device.Token,
        new CookieOptions
        {
            HttpOnly = true,
            Secure = true,
            SameSite = SameSiteMode.Lax,
            Path = "/",
            IsEssential = true,
            Expires = device.ExpiresAt,
        });
}
