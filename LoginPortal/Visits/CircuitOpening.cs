using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Components.Forms;

namespace LoginPortal.Visits;

/// <summary>What the request that opened a circuit said of its browser: a circuit is made in a scope of its own, which knows no request.</summary>
/// <param name="Visit">The browser.</param>
/// <param name="Tenant">The tenant in the request's address.</param>
/// <param name="FormToken">The antiforgery token with which the browser posts a form that the circuit has drawn.</param>
internal sealed record CircuitOpening(VisitState Visit, TenantProfile Tenant, AntiforgeryRequestToken? FormToken)
{
    private static readonly AsyncLocal<CircuitOpening?> Opening = new();

    /// <summary>The one whose circuit is being made; <see langword="null"/> in any other request.</summary>
    public static CircuitOpening? Current => Opening.Value;

    /// <summary>Has everything that <paramref name="next"/> makes, and nothing else, know of this.</summary>
    public async Task RunAsync(Func<Task> next)
    {
        Opening.Value = this;
        await next();
    }
}
