using LoginPortal.Core.Accounts;

namespace LoginPortal.Core.Sessions;

/// <summary>
/// A signed-in person in one browser or client. Created by the sign-in that completes, usable once its handoff ticket has
/// been redeemed for a token.
/// </summary>
public sealed class Session
{
    /// <summary>Version-7 identifier, the <c>sid</c> of OpenID Connect. Names the session; opens nothing.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it belongs to.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The person.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The person's account.</summary>
    public PortalUser? User { get; init; }

    /// <summary>SHA-256 of the token in the browser's cookie; <see langword="null"/> until the ticket is redeemed.</summary>
    public string? TokenHash { get; set; }

    /// <summary>When the person signed in, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the person last proved who they are in this session, UTC (<c>auth_time</c>).</summary>
    public required DateTimeOffset AuthenticatedAt { get; set; }

    /// <summary>When the session was last used, UTC, to the minute.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>When it ends whatever happens, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>How long it lives without a request, in seconds.</summary>
    public required int IdleSeconds { get; init; }

    /// <summary>Whether the cookie outlives the browser ("keep me signed in").</summary>
    public required bool IsRemembered { get; init; }

    /// <summary>How the person proved who they are, values of RFC 8176 (<c>amr</c>).</summary>
    public required IReadOnlyList<string> AuthenticationMethods { get; set; }

    /// <summary>What that amounts to (<c>acr</c>), one of <see cref="SignIn.Assurance"/>.</summary>
    public required string AuthenticationContextClass { get; set; }

    /// <summary>The network address of the sign-in.</summary>
    public string? IpAddress { get; init; }

    /// <summary>The User-Agent header of the sign-in, cut to 512 characters.</summary>
    public string? UserAgent { get; init; }

    /// <summary>Browser and system in words, for instance "Firefox, Windows".</summary>
    public required string DeviceLabel { get; init; }

    /// <summary>When it was ended before its time, UTC.</summary>
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Why, one of <see cref="SessionEndReason"/>.</summary>
    public string? EndReason { get; set; }
}

/// <summary>Why a session was ended before its time. The values are stored: they never change.</summary>
public static class SessionEndReason
{
    /// <summary>The person signed out.</summary>
    public const string SignedOut = "signed_out";

    /// <summary>Another sign-in in the same browser took its place.</summary>
    public const string Replaced = "replaced";

    /// <summary>The password was changed.</summary>
    public const string PasswordChanged = "password_changed";

    /// <summary>A change of the person's address was taken back.</summary>
    public const string AddressChangeUndone = "address_change_undone";

    /// <summary>The account is to be erased.</summary>
    public const string AccountErasure = "account_erasure";

    /// <summary>An administrator ended it, or closed the account.</summary>
    public const string Administrator = "administrator";

    /// <summary>The organisation is no longer served.</summary>
    public const string TenantSuspended = "tenant_suspended";

    /// <summary>The person said that somebody else had been in the account.</summary>
    public const string IncidentReported = "incident_reported";

    /// <summary>A refresh token was used a second time.</summary>
    public const string RefreshTokenReused = "refresh_token_reused";

    /// <summary>The API key that opened it was deleted.</summary>
    public const string ApiKeyDeleted = "api_key_deleted";
}
