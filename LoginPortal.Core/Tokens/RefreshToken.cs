namespace LoginPortal.Core.Tokens;

/// <summary>A refresh token: opaque, good for one use, replaced by the next at each. All of a session end with it.</summary>
public sealed class RefreshToken
{
    /// <summary>Version-7 identifier, by which lists name it. Opens nothing.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it works in.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>SHA-256 of the token.</summary>
    public required string TokenHash { get; init; }

    /// <summary>The contract that issued it; it works in no other.</summary>
    public required string Contract { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it stops working, UTC: with its session.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used, UTC.</summary>
    public DateTimeOffset? SpentAt { get; set; }

    /// <summary>SHA-256 of network address and User-Agent of the client that used it.</summary>
    public string? SpentBy { get; set; }

    /// <summary>What that client was answered, encrypted with Data Protection, for a retry after a lost response.</summary>
    public byte[]? ProtectedAnswer { get; set; }
}
