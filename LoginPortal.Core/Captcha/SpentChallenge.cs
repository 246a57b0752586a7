namespace LoginPortal.Core.Captcha;

/// <summary>A challenge that has been answered once, kept until it could not be answered any more.</summary>
public sealed class SpentChallenge
{
    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>SHA-256 of the challenge.</summary>
    public required string ChallengeHash { get; init; }

    /// <summary>When the challenge ends, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
