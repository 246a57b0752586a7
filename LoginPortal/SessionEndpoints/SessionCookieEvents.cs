using System.Security.Claims;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace LoginPortal.SessionEndpoints;

/// <summary>
/// Ties the framework's cookie handler to the portal's sessions: the cookie holds nothing but the session's token, and each
/// request reads the session from the database, so that an ended one is dead at once. The framework's own store of tickets would not do:
/// at a second sign-in it keeps the key of the first.
/// </summary>
internal sealed class SessionCookieEvents(IServiceScopeFactory scopes, TenantContext tenant) : CookieAuthenticationEvents
{
    private const string TokenClaim = "token";

    /// <summary>What the cookie holds.</summary>
    public static ClaimsPrincipal Hold(string token) =>
        new(new ClaimsIdentity([new Claim(TokenClaim, token)], CookieAuthenticationDefaults.AuthenticationScheme));

    /// <summary>The token in a cookie; <see langword="null"/> if it holds none.</summary>
    public static string? TokenOf(ClaimsPrincipal principal) => principal.FindFirstValue(TokenClaim);

    /// <summary>Puts the person of the session in the place of the token, or nobody.</summary>
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (tenant.Current is { } current
            && context.Principal?.FindFirstValue(TokenClaim) is { } token
            && await ReadAsync(context.HttpContext, current, token) is { } session)
        {
            context.ReplacePrincipal(SessionClaims.Create(session, current, context.Scheme.Name));
        }
        else
        {
            context.RejectPrincipal();
        }
    }

    /// <summary>In a scope of its own: the request of a circuit lasts as long as the circuit, and would keep the database's context with it.</summary>
    private async Task<ActiveSession?> ReadAsync(HttpContext context, TenantProfile current, string token)
    {
        await using var scope = scopes.CreateAsyncScope();
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(current);
        var sessions = scope.ServiceProvider.GetRequiredService<SessionService>();
        return await (context.GetEndpoint()?.Metadata.GetMetadata<WatchesSessionAttribute>() is null
            ? sessions.FindAsync(token, context.RequestAborted)
            : sessions.LookAsync(token, context.RequestAborted));
    }

    /// <summary>Forbidden is a page of its own, not a redirect.</summary>
    public override Task RedirectToAccessDenied(RedirectContext<CookieAuthenticationOptions> context)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}

/// <summary>An endpoint that a page asks by itself: that is no use of the session, which would otherwise never end while a page is open.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class WatchesSessionAttribute : Attribute;
