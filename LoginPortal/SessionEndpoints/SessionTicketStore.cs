using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace LoginPortal.SessionEndpoints;

/// <summary>
/// Ties the framework's cookie handler to the portal's sessions: the cookie holds nothing but the session's token, and each
/// request reads the session from the database, so that an ended one is dead at once.
/// </summary>
internal sealed class SessionTicketStore : ITicketStore
{
    /// <summary>The property that carries a redeemed token into <see cref="StoreAsync(AuthenticationTicket, HttpContext, CancellationToken)"/>.</summary>
    public const string TokenProperty = "token";

    public Task<string> StoreAsync(AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken) =>
        Task.FromResult(ticket.Properties.GetParameter<string>(TokenProperty)
            ?? throw new InvalidOperationException("Only a redeemed session can be signed in."));

    public async Task<AuthenticationTicket?> RetrieveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken)
    {
        var services = httpContext.RequestServices;
        if (services.GetRequiredService<TenantContext>().Current is not { } tenant
            || await services.GetRequiredService<SessionService>().FindAsync(key, cancellationToken) is not { } session)
        {
            return null;
        }

        return new AuthenticationTicket(
            SessionClaims.Create(session, tenant, CookieAuthenticationDefaults.AuthenticationScheme),
            new AuthenticationProperties { ExpiresUtc = session.ExpiresAt, IsPersistent = session.IsRemembered },
            CookieAuthenticationDefaults.AuthenticationScheme);
    }

    /// <summary>Nothing to do: a session's end is fixed when it begins, and its last use is noted when it is read.</summary>
    public Task RenewAsync(string key, AuthenticationTicket ticket, HttpContext httpContext, CancellationToken cancellationToken) =>
        Task.CompletedTask;

    public Task RemoveAsync(string key, HttpContext httpContext, CancellationToken cancellationToken) =>
        httpContext.RequestServices.GetRequiredService<SessionService>().EndByTokenAsync(
            key,
            SessionEndReason.SignedOut,
            httpContext.RequestServices.GetRequiredService<PortalVisit>().Facts,
            cancellationToken);

    Task<string> ITicketStore.StoreAsync(AuthenticationTicket ticket) => throw NeedsRequest();

    Task ITicketStore.RenewAsync(string key, AuthenticationTicket ticket) => throw NeedsRequest();

    Task<AuthenticationTicket?> ITicketStore.RetrieveAsync(string key) => throw NeedsRequest();

    Task ITicketStore.RemoveAsync(string key) => throw NeedsRequest();

    private static NotSupportedException NeedsRequest() => new("Sessions belong to the tenant of a request.");
}
