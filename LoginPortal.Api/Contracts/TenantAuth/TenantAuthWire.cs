using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using LoginPortal.Api.Http;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>Sign in with a password.</summary>
internal sealed record LoginRequest
{
    [Required, Format("email")]
    public string? Email { get; init; }

    [Required]
    public string? Password { get; init; }

    [DefaultValue(false), Description("Keep the session beyond the default lifetime, where the tenant allows it.")]
    public bool RememberMe { get; init; }

    [Description("From an earlier second factor: stands in for it, never for the password.")]
    public string? TrustedDeviceToken { get; init; }
}

/// <summary>What became of a sign-in.</summary>
/// <param name="Status"><c>success</c>, <c>mfa_required</c> or <c>enrollment_required</c>.</param>
/// <param name="UserId">The person.</param>
/// <param name="MfaRequired">Whether a second factor is still to come.</param>
/// <param name="MfaToken">The handle to give it with.</param>
/// <param name="AvailableMethods">What the person can use now.</param>
/// <param name="DefaultMethod">The strongest of them.</param>
/// <param name="SessionId">Names the session; no credential.</param>
/// <param name="RedirectUri">Where the browser goes next.</param>
/// <param name="AccessToken">The bearer token; for enrolment alone where that is owed.</param>
/// <param name="TokenType"><c>Bearer</c>.</param>
/// <param name="ExpiresIn">The token's life in seconds.</param>
/// <param name="RefreshToken">Good for the next pair, once.</param>
internal sealed record LoginResponse(
    [property: Required] string Status,
    string? UserId = null,
    bool MfaRequired = false,
    string? MfaToken = null,
    IReadOnlyList<string>? AvailableMethods = null,
    string? DefaultMethod = null,
    string? SessionId = null,
    string? RedirectUri = null,
    string? AccessToken = null,
    string? TokenType = null,
    int? ExpiresIn = null,
    string? RefreshToken = null);

/// <summary>Give the second factor.</summary>
internal sealed record MFAChallengeRequest
{
    [Required]
    public string? MfaToken { get; init; }

    public string? UserId { get; init; }

    [Required, Description("totp, email, webauthn or recovery_code.")]
    public string? Method { get; init; }

    public string? Code { get; init; }

    public string? ChallengeId { get; init; }

    public JsonElement? Credential { get; init; }

    [DefaultValue(false)]
    public bool RememberDevice { get; init; }

    [DefaultValue(false)]
    public bool TrustDevice { get; init; }

    public string? DeviceFingerprint { get; init; }
}

/// <summary>What became of a second factor.</summary>
/// <param name="Status"><c>success</c> or <c>failed</c>.</param>
/// <param name="SessionId">Names the session; no credential.</param>
/// <param name="RedirectUri">Where the browser goes next.</param>
/// <param name="TrustedDeviceToken">Stands in for the second factor from now on; given once.</param>
/// <param name="Error">Why it failed: <c>invalid_code</c>, <c>code_used</c> or <c>assertion_rejected</c>.</param>
/// <param name="AccessToken">The bearer token.</param>
/// <param name="TokenType"><c>Bearer</c>.</param>
/// <param name="ExpiresIn">The token's life in seconds.</param>
/// <param name="RefreshToken">Good for the next pair, once.</param>
internal sealed record MFAChallengeResponse(
    [property: Required] string Status,
    string? SessionId = null,
    string? RedirectUri = null,
    string? TrustedDeviceToken = null,
    string? Error = null,
    string? AccessToken = null,
    string? TokenType = null,
    int? ExpiresIn = null,
    string? RefreshToken = null);

/// <summary>Ask for a link to a new password.</summary>
internal sealed record ForgotPasswordRequest
{
    [Required, Format("email")]
    public string? Email { get; init; }

    public string? RedirectUri { get; init; }
}

/// <summary>Choose a new password with the token of the link.</summary>
internal sealed record ResetPasswordRequest
{
    [Required]
    public string? Token { get; init; }

    [Required]
    public string? NewPassword { get; init; }
}

/// <summary>Register oneself.</summary>
internal sealed record RegisterRequest
{
    [Required, Format("email")]
    public string? Email { get; init; }

    [Required]
    public string? Password { get; init; }

    [Required]
    public string? FirstName { get; init; }

    [Required]
    public string? LastName { get; init; }

    public string? CaptchaToken { get; init; }

    public string? RedirectUri { get; init; }

    [Description("The tenant's own fields, by their keys: flat, at most 20 entries and 4 KiB. What the tenant does not ask for is kept as well.")]
    public JsonElement? CustomData { get; init; }

    [DefaultValue(false), Description("Whether the terms of use are accepted, where the tenant has any.")]
    public bool AcceptTerms { get; init; }
}

/// <summary>Ask for another mail about an account that was opened.</summary>
internal sealed record ResendVerificationRequest
{
    [Required, Format("email")]
    public string? Email { get; init; }
}

/// <summary>What became of a registration.</summary>
/// <param name="UserId">The person.</param>
/// <param name="Status"><c>verification_required</c> or <c>active</c>.</param>
/// <param name="Message">Words for people.</param>
internal sealed record RegisterResponse(
    [property: Required] string UserId, [property: Required] string Status, [property: Required] string Message);

/// <summary>Something was done.</summary>
/// <param name="Status">What, as a stable code.</param>
/// <param name="Message">Words for people.</param>
internal sealed record StatusResponse(string Status, string Message);

/// <summary>A code is on its way.</summary>
/// <param name="Sent">Always true.</param>
/// <param name="ExpiresIn">The code's life in seconds.</param>
internal sealed record EmailSentResponse(bool Sent, int ExpiresIn);

/// <summary>Exchange a refresh token.</summary>
internal sealed record RefreshRequest
{
    [Required]
    public string? RefreshToken { get; init; }
}

/// <summary>The next pair of tokens.</summary>
/// <param name="AccessToken">The bearer token.</param>
/// <param name="TokenType"><c>Bearer</c>.</param>
/// <param name="ExpiresIn">The token's life in seconds.</param>
/// <param name="RefreshToken">Good for the next pair, once.</param>
/// <param name="SessionId">Names the session; no credential.</param>
internal sealed record TokenResponse(string AccessToken, string TokenType, int ExpiresIn, string RefreshToken, string SessionId);

/// <summary>Begin signing in with a passkey.</summary>
[OptionalBody]
internal sealed record PasskeyBeginRequest
{
    [Format("email"), Description("Whose passkeys shall be listed; without it, whichever the person chooses.")]
    public string? Email { get; init; }
}

/// <summary>What a browser asks a passkey with.</summary>
/// <param name="ChallengeId">To be given back with the answer.</param>
/// <param name="Options">For <c>navigator.credentials</c>, as JSON.</param>
internal sealed record PasskeyChallengeResponse(string ChallengeId, JsonElement Options);

/// <summary>What the passkey answered.</summary>
internal sealed record PasskeyCompleteRequest
{
    [Required]
    public string? ChallengeId { get; init; }

    [Required, Description("The credential of the browser, as JSON.")]
    public JsonElement? Credential { get; init; }
}
