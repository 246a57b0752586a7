namespace LoginPortal.Core.Totp;

/// <summary>An authenticator app of a person. A person may have several, each with a name and a seed of its own.</summary>
public sealed class Authenticator
{
    /// <summary>The longest name in characters.</summary>
    public const int MaximumNameLength = 64;

    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it belongs to.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The person.</summary>
    public required Guid UserId { get; init; }

    /// <summary>What the person calls it.</summary>
    public required string Name { get; set; }

    /// <summary>The seed, encrypted with Data Protection under a purpose of its own.</summary>
    public required byte[] ProtectedSeed { get; init; }

    /// <summary>When a code proved that the app has the seed, UTC; until then it counts for nothing.</summary>
    public DateTimeOffset? ConfirmedAt { get; set; }

    /// <summary>When the seed was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When a code of it was last accepted, UTC.</summary>
    public DateTimeOffset? LastUsedAt { get; set; }
}
