using LoginPortal.Core.Sessions;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using LoginPortal.SessionEndpoints;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Options;

namespace LoginPortal.Circuits;

/// <summary>
/// Asks again and again whether the session of a live circuit still is, so that one that was ended anywhere is dead here too
/// within a minute.
/// </summary>
internal sealed class SessionAuthenticationStateProvider(
    ILoggerFactory loggers, IServiceScopeFactory scopes, IOptions<PortalOptions> options)
    : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => options.Value.SessionCheckInterval;

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        if (SessionClaims.Read(authenticationState.User) is not { } person)
        {
            return false;
        }

        // Not given up when the circuit ends meanwhile: the framework would log that as an error of the portal.
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindByIdAsync(person.TenantId, CancellationToken.None) is not { } tenant)
        {
            return false;
        }

        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(tenant);
        return await scope.ServiceProvider.GetRequiredService<SessionService>().IsLiveAsync(person.SessionId, CancellationToken.None);
    }
}
