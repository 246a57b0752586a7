namespace LoginPortal.Core.Tokens;

/// <summary>
/// A key for programs of a person. It opens a session of its own, which inherits how and when the person proved who they are, so that it is
/// listed, ended and checked like any other and never passes for a fresh sign-in.
/// </summary>
public sealed class ApiKey
{
    /// <summary>How long a key works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromDays(90);

    /// <summary>The longest name in characters.</summary>
    public const int MaximumNameLength = 64;

    /// <summary>The most keys of one person.</summary>
    public const int MaximumPerPerson = 25;

    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it works in.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The person.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The session that it opens.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>What the person calls it.</summary>
    public required string Name { get; init; }

    /// <summary>SHA-256 of the key.</summary>
    public required string KeyHash { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops working, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
