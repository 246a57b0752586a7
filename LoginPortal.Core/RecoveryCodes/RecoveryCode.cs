namespace LoginPortal.Core.RecoveryCodes;

/// <summary>One of a person's recovery codes. A used one is deleted.</summary>
public sealed class RecoveryCode
{
    /// <summary>SHA-256 of the code; see <see cref="RecoveryCodeText"/>.</summary>
    public required string CodeHash { get; init; }

    /// <summary>The tenant it belongs to.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The person.</summary>
    public required Guid UserId { get; init; }

    /// <summary>When the set was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
