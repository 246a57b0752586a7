namespace LoginPortal.Core.OpenId;

/// <summary>
/// What one authorization gave a client: every code and token says which grant it is of and is worth nothing once that is revoked. It is
/// also how the portal knows which clients to tell of a session's end.
/// </summary>
public sealed class OpenIdGrant
{
    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The client.</summary>
    public required Guid ClientId { get; init; }

    /// <summary>The client itself.</summary>
    public OpenIdClient? Client { get; init; }

    /// <summary>The person.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The session that it belongs to now: a fresh sign-in of the same person in the same browser takes it over.</summary>
    public required Guid SessionId { get; set; }

    /// <summary>The session as the client was told it (<c>sid</c>); never changes.</summary>
    public required Guid ToldSessionId { get; init; }

    /// <summary>The access that was given.</summary>
    public required IReadOnlyList<string> Scopes { get; init; }

    /// <summary>Claims asked for by name in the ID token.</summary>
    public IReadOnlyList<string> IdTokenClaims { get; init; } = [];

    /// <summary>Claims asked for by name at the UserInfo endpoint.</summary>
    public IReadOnlyList<string> UserInfoClaims { get; init; } = [];

    /// <summary>When the person had proved who they are, UTC (<c>auth_time</c>).</summary>
    public required DateTimeOffset AuthenticatedAt { get; init; }

    /// <summary>How (<c>amr</c>).</summary>
    public required IReadOnlyList<string> AuthenticationMethods { get; init; }

    /// <summary>What that amounts to (<c>acr</c>).</summary>
    public required string AuthenticationContextClass { get; init; }

    /// <summary>The account's stamp at that time: a changed password ends what was given before.</summary>
    public required string SecurityStamp { get; init; }

    /// <summary>Whether it outlives its session (<c>offline_access</c>).</summary>
    public required bool IsOffline { get; init; }

    /// <summary>The key that its tokens are bound to (RFC 9449); <see langword="null"/> for bearer tokens.</summary>
    public string? DpopKeyThumbprint { get; set; }

    /// <summary>When it was given, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the client last got tokens, UTC.</summary>
    public required DateTimeOffset LastUsedAt { get; set; }

    /// <summary>When it ends, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was ended before its time, UTC.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    /// <summary>When the client is next to be told that its session ended, UTC; <see langword="null"/> while there is nothing to tell.</summary>
    public DateTimeOffset? LogoutDueAt { get; set; }

    /// <summary>How often that was tried.</summary>
    public int LogoutAttempts { get; set; }
}

/// <summary>An authorization code: 60 seconds, once. A second use ends the grant (RFC 9700, 4.5).</summary>
public sealed class AuthorizationCode
{
    /// <summary>How long a code works.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(60);

    /// <summary>SHA-256 of the code.</summary>
    public required string CodeHash { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The grant.</summary>
    public required Guid GrantId { get; init; }

    /// <summary>The address it was sent to.</summary>
    public required string RedirectUri { get; init; }

    /// <summary>Put into the ID token.</summary>
    public string? Nonce { get; init; }

    /// <summary>SHA-256 of the verifier.</summary>
    public string? CodeChallenge { get; init; }

    /// <summary>When it stops working, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used, UTC.</summary>
    public DateTimeOffset? SpentAt { get; set; }
}

/// <summary>A refresh token of a grant: opaque, good for one use, replaced by the next at each.</summary>
public sealed class OpenIdRefreshToken
{
    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The grant.</summary>
    public required Guid GrantId { get; init; }

    /// <summary>SHA-256 of the token.</summary>
    public required string TokenHash { get; init; }

    /// <summary>When it stops working, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used, UTC.</summary>
    public DateTimeOffset? SpentAt { get; set; }

    /// <summary>SHA-256 of network address and User-Agent of the client that used it.</summary>
    public string? SpentBy { get; set; }

    /// <summary>What that client was answered, encrypted with Data Protection, for a retry after a lost response.</summary>
    public byte[]? ProtectedAnswer { get; set; }
}

/// <summary>That a person agreed to what a client of somebody else's gets to see.</summary>
public sealed class OpenIdConsent
{
    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The person.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The client.</summary>
    public required Guid ClientId { get; init; }

    /// <summary>The scopes they agreed to.</summary>
    public required IReadOnlyList<string> Scopes { get; set; }

    /// <summary>When they last agreed, UTC.</summary>
    public required DateTimeOffset GrantedAt { get; set; }
}
