using System.Security.Claims;
using LoginPortal.Core.Tenants;
using LoginPortal.SessionEndpoints;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server.Circuits;

namespace LoginPortal.Circuits;

/// <summary>Gives a circuit the tenant of its page before its components are rendered.</summary>
internal sealed class TenantCircuitHandler(PortalVisit visit, TenantContext tenant, AuthenticationStateProvider authentication) : CircuitHandler
{
    public override async Task OnCircuitOpenedAsync(Circuit circuit, CancellationToken cancellationToken)
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        if (CircuitOpening.Current?.Tenant is not { } opened
            || visit.Page.TenantId != opened.Id
            || (user.Identity?.IsAuthenticated == true && user.FindFirstValue(SessionClaims.TenantId) != opened.Id.ToString()))
        {
            throw new InvalidOperationException("The circuit belongs to no page of the tenant in its address.");
        }

        tenant.Set(opened);
    }
}
