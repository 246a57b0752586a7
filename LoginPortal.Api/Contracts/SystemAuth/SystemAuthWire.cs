using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using LoginPortal.Api.Http;

namespace LoginPortal.Api.Contracts.SystemAuth;

/// <summary>Every failure.</summary>
/// <param name="Code">Machine-readable error code (e.g. “not_found”, “tenant_mismatch”).</param>
/// <param name="Message">Human-readable description of the error.</param>
/// <param name="Details">Optional additional context about the error.</param>
/// <param name="Notices">What policy wants the person to know.</param>
internal sealed record SystemAuthError(
    [property: Required] string Code,
    [property: Required] string Message,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyDictionary<string, object>? Details = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Notices = null);

/// <summary>Authenticate with local username/password</summary>
internal sealed record SystemLoginRequest
{
    [Required, Format("email")]
    public string? Email { get; init; }

    [Required]
    public string? Password { get; init; }

    [Description("Optional tenant slug for login when domain-based resolution is unavailable.")]
    public string? TenantSlug { get; init; }
}

/// <summary>Credentials valid.</summary>
internal sealed record SystemLoginResponse
{
    [Description("Signed system JWT. Present only when MFA is not required.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    [Description("Token expiration. Present only when token is present.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? ExpiresAt { get; init; }

    [Description("If true, MFA verification is needed before a token is issued.")]
    public bool MfaRequired { get; init; }

    [Description("MFA challenge ID to use with POST /v1/auth/mfa/challenge."), Format("uuid")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ChallengeId { get; init; }

    [Description("Available MFA methods for this user.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public IReadOnlyList<SystemMfaMethod>? Methods { get; init; }

    [Description("If true, user must enroll MFA before accessing the app.")]
    public bool EnrollmentRequired { get; init; }
}

/// <summary>The methods that the contract names.</summary>
internal enum SystemMfaMethod
{
    /// <summary>An authenticator app.</summary>
    Totp = 0,

    /// <summary>A passkey.</summary>
    WebauthnPasskey = 1,

    /// <summary>A security key.</summary>
    WebauthnFido = 2,
}

/// <summary>Start a method, or answer with it.</summary>
internal sealed record SystemChallengeRequest
{
    [Required, Format("uuid")]
    public string? ChallengeId { get; init; }

    [Required, Description("totp, webauthn_passkey, webauthn_fido; recovery_code stands in for any.")]
    public string? Method { get; init; }

    public string? Code { get; init; }

    public JsonElement? Credential { get; init; }
}

/// <summary>A method was started, or answered.</summary>
internal sealed record SystemChallengeResponse
{
    [Format("uuid")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ChallengeId { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Method { get; init; }

    [Description("For navigator.credentials, as JSON, where the method is a passkey or a security key.")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public JsonElement? PublicKey { get; init; }

    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Token { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>A token.</summary>
/// <param name="Token">Signed system JWT.</param>
/// <param name="ExpiresAt">Token expiration.</param>
/// <param name="RecoveryCodes">New recovery codes, shown once.</param>
internal sealed record SystemTokenResponse(
    string Token,
    DateTimeOffset ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? RecoveryCodes = null);

/// <summary>How people of a tenant sign in.</summary>
/// <param name="TenantId">The tenant.</param>
/// <param name="Methods">The ways.</param>
internal sealed record SystemProvidersResponse(string TenantId, IReadOnlyList<string> Methods);

/// <summary>A second factor of the person.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Type">Its method.</param>
/// <param name="Name">What the person calls it.</param>
/// <param name="CreatedAt">When it was set up, UTC.</param>
/// <param name="LastUsedAt">When it was last used, UTC.</param>
internal sealed record SystemFactor(
    string Id,
    SystemMfaMethod Type,
    string Name,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DateTimeOffset? LastUsedAt);

/// <summary>What to set up an authenticator app with.</summary>
/// <param name="Id">The app that is being set up.</param>
/// <param name="Secret">The seed, to be typed.</param>
/// <param name="QrUri">The <c>otpauth://</c> URI for the QR code.</param>
internal sealed record SystemTotpResponse(string Id, string Secret, string QrUri);

/// <summary>The first code of an app.</summary>
internal sealed record SystemTotpVerifyRequest
{
    [Required]
    public string? Id { get; init; }

    [Required]
    public string? Code { get; init; }
}

/// <summary>Start adding a passkey or security key.</summary>
internal sealed record SystemWebauthnRequest
{
    [Required, Description("webauthn_passkey or webauthn_fido.")]
    public string? Type { get; init; }
}

/// <summary>What a browser makes a passkey or a security key with.</summary>
/// <param name="Id">To be given back with the answer.</param>
/// <param name="PublicKey">For <c>navigator.credentials.create</c>, as JSON.</param>
internal sealed record SystemWebauthnResponse(string Id, JsonElement PublicKey);

/// <summary>What a browser made.</summary>
internal sealed record SystemWebauthnVerifyRequest
{
    [Required]
    public string? Id { get; init; }

    [Required]
    public JsonElement? Credential { get; init; }

    public string? Name { get; init; }
}
