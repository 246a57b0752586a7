using System.ComponentModel.DataAnnotations;

namespace LoginPortal.Api.Me;

/// <summary>The signed-in person.</summary>
/// <param name="Id">Their identifier.</param>
/// <param name="Email">Their address.</param>
/// <param name="EmailVerified">Whether it is known to be theirs.</param>
/// <param name="FirstName">Given name; may be empty.</param>
/// <param name="LastName">Family name; may be empty.</param>
/// <param name="Locale">The language they chose.</param>
/// <param name="Role"><c>member</c>, <c>tenant_administrator</c> or <c>platform_operator</c>.</param>
/// <param name="CreatedAt">When the account was made, UTC.</param>
/// <param name="LastSignInAt">When they last signed in, UTC.</param>
internal sealed record MeResponse(
    string Id,
    string Email,
    bool EmailVerified,
    string FirstName,
    string LastName,
    string? Locale,
    Core.Accounts.PortalRole Role,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastSignInAt);

/// <summary>Change names or language; what is left out stays.</summary>
internal sealed record MePatchRequest
{
    public string? FirstName { get; init; }

    public string? LastName { get; init; }

    public string? Locale { get; init; }
}

/// <summary>Change the password.</summary>
internal sealed record MePasswordRequest
{
    [Required]
    public string? CurrentPassword { get; init; }

    [Required]
    public string? NewPassword { get; init; }
}

/// <summary>Change the address.</summary>
internal sealed record MeEmailRequest
{
    [Required, Http.Format("email")]
    public string? Email { get; init; }
}

/// <summary>An account that is to be erased.</summary>
/// <param name="Status"><c>scheduled</c>.</param>
/// <param name="Message">Words for people.</param>
/// <param name="ErasedFrom">From when everything that is held about the person is erased, UTC.</param>
internal sealed record MeErasureResponse(string Status, string Message, DateTimeOffset ErasedFrom);

/// <summary>One of the person's sessions.</summary>
/// <param name="Id">Names it; opens nothing.</param>
/// <param name="Device">Browser and system in words.</param>
/// <param name="IpAddress">Where the sign-in came from.</param>
/// <param name="CreatedAt">When the person signed in, UTC.</param>
/// <param name="LastSeenAt">When it was last used, UTC.</param>
/// <param name="ExpiresAt">When it ends whatever happens, UTC.</param>
/// <param name="Current">Whether it is the session of this request.</param>
internal sealed record SessionResponse(
    string Id, string Device, string? IpAddress, DateTimeOffset CreatedAt, DateTimeOffset LastSeenAt, DateTimeOffset ExpiresAt, bool Current);

/// <summary>One of the person's trusted devices.</summary>
/// <param name="Id">Names it; opens nothing.</param>
/// <param name="Device">Browser and system in words.</param>
/// <param name="CreatedAt">When it was trusted, UTC.</param>
/// <param name="LastUsedAt">When it last stood in for the second factor, UTC.</param>
/// <param name="ExpiresAt">When the trust ends, UTC.</param>
internal sealed record DeviceResponse(string Id, string Device, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt);

/// <summary>The person's second factors.</summary>
/// <param name="Authenticators">The apps that count.</param>
/// <param name="RecoveryCodesLeft">How many recovery codes are left.</param>
internal sealed record MfaResponse(IReadOnlyList<AuthenticatorResponse> Authenticators, int RecoveryCodesLeft);

/// <summary>An authenticator app.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Name">What the person calls it.</param>
/// <param name="CreatedAt">When it was set up, UTC.</param>
/// <param name="LastUsedAt">When a code of it was last accepted, UTC.</param>
internal sealed record AuthenticatorResponse(string Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>What to set up an authenticator app with.</summary>
/// <param name="Secret">The seed, to be typed.</param>
/// <param name="OtpauthUri">The same for a link.</param>
/// <param name="QrSvg">The same as a picture.</param>
internal sealed record TotpEnableResponse(string Secret, string OtpauthUri, string QrSvg);

/// <summary>The first code of an app.</summary>
internal sealed record TotpConfirmRequest
{
    [Required]
    public string? Code { get; init; }
}

/// <summary>Recovery codes, and for whoever owed a second factor before signing in, their tokens.</summary>
/// <param name="RecoveryCodes">The codes, shown once; <see langword="null"/> if there were some already.</param>
/// <param name="AccessToken">The bearer token.</param>
/// <param name="TokenType"><c>Bearer</c>.</param>
/// <param name="ExpiresIn">The token's life in seconds.</param>
/// <param name="RefreshToken">Good for the next pair, once.</param>
internal sealed record RecoveryCodesResponse(
    IReadOnlyList<string>? RecoveryCodes,
    string? AccessToken = null,
    string? TokenType = null,
    int? ExpiresIn = null,
    string? RefreshToken = null);
