using LoginPortal.Core.Accounts;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.SignIn;

/// <summary>Tells whether this browser may leave out the second factor.</summary>
public interface ISecondFactorExemption
{
    /// <summary>Whether <paramref name="token"/> stands in for the person's second factor, and a note that it did.</summary>
    Task<bool> IsExemptAsync(PortalUser user, TenantPolicy policy, string? token, CancellationToken cancellationToken);
}
