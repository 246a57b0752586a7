namespace LoginPortal.Core.Tenants;

/// <summary>A host that a tenant claims. It resolves to the tenant only once it is verified.</summary>
public sealed class TenantDomain
{
    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant that claims the host.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The host in lower-case ASCII (IDNA A-labels), without port; unique over all tenants.</summary>
    public required string Host { get; init; }

    /// <summary>When the claim was proved, UTC; <see langword="null"/> while it is not.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>Whether links and passkeys of the tenant use this host.</summary>
    public bool IsPrimary { get; set; }
}
