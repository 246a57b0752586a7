namespace LoginPortal.Core.Data;

/// <summary>
/// A challenge, or an assertion or proof of a client, that has bought what it can buy. Challenges that nobody answers are never stored: looking at a sign-in page costs no row.
/// </summary>
public sealed class SpentChallenge
{
    /// <summary>SHA-256 over the challenge.</summary>
    public required string ChallengeHash { get; init; }

    /// <summary>The tenant it was made in.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>When the challenge is too old anyway, UTC, and need not be remembered.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
