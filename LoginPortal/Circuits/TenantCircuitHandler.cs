using System.Security.Claims;
using LoginPortal.Core.Tenants;
using LoginPortal.SessionEndpoints;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace LoginPortal.Circuits;

/// <summary>Gives a circuit the tenant of its page before its components are rendered.</summary>
internal sealed class TenantCircuitHandler(
    PortalVisit visit, IServiceScopeFactory scopes, TenantContext tenant, AuthenticationStateProvider authentication) : CircuitHandler
{
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        // Not given up when the page is left meanwhile: the framework would log that as an error of the portal.
        var found = visit.State.TenantId is { } id ? await FindAsync(id) : null;
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        if (found is null || (user.Identity?.IsAuthenticated == true && user.FindFirstValue(SessionClaims.TenantId) != found.Id.ToString()))
        {
            throw new InvalidOperationException("The circuit belongs to no page of a tenant.");
        }

        tenant.Set(found);
    }

    /// <summary>In a scope of its own: the circuit would keep the database's context for as long as it lives.</summary>
    private async Task<TenantProfile?> FindAsync(Guid id)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindByIdAsync(id, CancellationToken.None);
    }
}
