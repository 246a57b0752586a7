namespace LoginPortal.Core.Tenants;

/// <summary>A host that a tenant claims. It resolves to the tenant only once it is verified.</summary>
public sealed class TenantDomain
{
    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant that claims the host.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The host in lower-case ASCII (IDNA A-labels), without port; unique over all tenants once it is verified.</summary>
    public required string Host { get; init; }

    /// <summary>What the tenant has to publish to prove the claim. No secret: whoever can publish it there has the host in hand.</summary>
    public string Token { get; init; } = "";

    /// <summary>When the host was claimed, UTC.</summary>
    public DateTimeOffset ClaimedAt { get; init; }

    /// <summary>When a claim that is not proved by then is dropped, UTC; <see langword="null"/> once it is proved.</summary>
    public DateTimeOffset? ExpiresAt { get; set; }

    /// <summary>When the proof was last looked for, UTC.</summary>
    public DateTimeOffset? TriedAt { get; set; }

    /// <summary>When the claim was proved, UTC; <see langword="null"/> while it is not.</summary>
    public DateTimeOffset? VerifiedAt { get; set; }

    /// <summary>Whether links and passkeys of the tenant use this host.</summary>
    public bool IsPrimary { get; set; }
}
