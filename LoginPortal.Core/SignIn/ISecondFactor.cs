using LoginPortal.Core.Accounts;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.SignIn;

/// <summary>A second factor, as far as the flow has to know it; each lives in a room of its own.</summary>
public interface ISecondFactor
{
    /// <summary>Which one it is.</summary>
    SecondFactorMethod Method { get; }

    /// <summary>Whether the person could use it now, whatever the tenant says.</summary>
    Task<bool> IsReadyAsync(PortalUser user, CancellationToken cancellationToken);

    /// <summary>
    /// Whether having it makes the password ask for a second factor where the tenant leaves that to the person. Default
    /// <see langword="false"/>: it serves where one is asked for anyway.
    /// </summary>
    Task<bool> IsAskedForAsync(PortalUser user, CancellationToken cancellationToken) => Task.FromResult(false);
}

/// <summary>Tells whether this browser may leave out the second factor.</summary>
public interface ISecondFactorExemption
{
    /// <summary>Whether <paramref name="token"/> stands in for the person's second factor, and a note that it did.</summary>
    Task<bool> IsExemptAsync(PortalUser user, TenantPolicy policy, string? token, CancellationToken cancellationToken);
}
