using LoginPortal.Core.Tenants;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace LoginPortal.SessionEndpoints;

/// <summary>Adds the tenant to the name of the session cookie. Without a tenant there is no session.</summary>
internal sealed class TenantCookieManager : ICookieManager
{
    private readonly ChunkingCookieManager _inner = new();

    public string? GetRequestCookie(HttpContext context, string key) =>
        NameFor(context, key) is { } name ? _inner.GetRequestCookie(context, name) : null;

    public void AppendResponseCookie(HttpContext context, string key, string? value, CookieOptions options)
    {
        var name = NameFor(context, key) ?? throw new InvalidOperationException("A session needs a tenant.");
        _inner.AppendResponseCookie(context, name, value, options);
    }

    public void DeleteCookie(HttpContext context, string key, CookieOptions options)
    {
        if (NameFor(context, key) is { } name)
        {
            _inner.DeleteCookie(context, name, options);
        }
    }

    private static string? NameFor(HttpContext context, string key) =>
        context.RequestServices.GetRequiredService<TenantContext>().Current is { } tenant ? TenantCookieName.For(key, tenant) : null;
}
