namespace LoginPortal.Core.Tokens;

/// <summary>
/// A chain of refresh tokens of a session, of which one is good: each use replaces it by the next. Every token of a chain begins with the same random
/// handle, so that a spent one, however old, shows which chain was copied.
/// </summary>
public sealed class RefreshToken
{
    /// <summary>Version-7 identifier, by which lists name the chain. Opens nothing.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it works in.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The session; the chain ends with it.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>SHA-256 of the handle that every token of the chain begins with.</summary>
    public required string HandleHash { get; init; }

    /// <summary>SHA-256 of the token that is good.</summary>
    public required string TokenHash { get; set; }

    /// <summary>The contract that issued it; it works in no other.</summary>
    public required string Contract { get; init; }

    /// <summary>When the token that is good was made, UTC; the one before it was used then.</summary>
    public required DateTimeOffset CreatedAt { get; set; }

    /// <summary>When it stops working, UTC: with its session.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>SHA-256 of the token before, which may be presented again by a client whose answer was lost.</summary>
    public string? PreviousTokenHash { get; set; }

    /// <summary>SHA-256 of network address and User-Agent of the client that used the token before.</summary>
    public string? ReplacedBy { get; set; }

    /// <summary>
    /// Random bytes that make, with the token before, the token that is good, for a client whose answer was lost; <see langword="null"/> for the first of a
    /// chain. Without the token before, which is kept nowhere, they say nothing.
    /// </summary>
    public byte[]? Salt { get; set; }
}
