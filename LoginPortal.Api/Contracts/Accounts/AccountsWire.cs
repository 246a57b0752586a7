using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using LoginPortal.Api.Http;

namespace LoginPortal.Api.Contracts.Accounts;

/// <summary>The envelope of every success.</summary>
/// <param name="Data">The answer.</param>
internal sealed record AccountsData<T>([property: Required] T Data);

/// <summary>Every failure.</summary>
/// <param name="Error">What went wrong, in words.</param>
internal sealed record AccountsError(string Error);

/// <summary>Something was done.</summary>
/// <param name="Message">What, in words.</param>
internal sealed record AccountsMessage(string Message);

/// <summary>Authentication credentials.</summary>
internal sealed record AuthWithPasswordRequest
{
    [Description("Account name (optional). If not provided and the user is a root user, their root account will be used.")]
    public string? Account { get; init; }

    [Required, Format("email"), Description("User's email address")]
    public string? Email { get; init; }

    [Required, Format("password"), Description("User's password")]
    public string? Password { get; init; }
}

/// <summary>Somebody is signed in.</summary>
/// <param name="RefreshToken">Refresh token</param>
/// <param name="AuthToken">Authentication token</param>
/// <param name="PasskeyEnabled">Whether passkey authentication is enabled</param>
/// <param name="TotpEnabled">Whether TOTP authentication is enabled</param>
/// <param name="Account">The account that was signed in to.</param>
internal sealed record AuthResponse(string? RefreshToken, string AuthToken, bool PasskeyEnabled, bool TotpEnabled, AccountSummary Account);

/// <summary>An account.</summary>
/// <param name="Name">Its name in addresses.</param>
/// <param name="Id">Its identifier.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="RootEmail">Its owner's address.</param>
/// <param name="SubscriptionStatus"><c>active</c> or <c>suspended</c>.</param>
internal sealed record AccountSummary(string Name, string Id, string DisplayName, string RootEmail, string SubscriptionStatus);

/// <summary>A second factor is still to come.</summary>
/// <param name="Token">MFA token</param>
/// <param name="PasskeyEnabled">Whether passkey authentication is enabled</param>
/// <param name="TotpEnabled">Whether TOTP authentication is enabled</param>
internal sealed record MfaRequiredResponse(string Token, bool PasskeyEnabled, bool TotpEnabled);

/// <summary>A passkey is to be used.</summary>
internal sealed record BeginAuthWithPasskeyRequest
{
    [Description("Account name (optional)")]
    public string? Account { get; init; }

    [Required, Format("email"), Description("User's email address")]
    public string? Email { get; init; }
}

/// <summary>WebAuthn credential assertion options for the client to process</summary>
/// <param name="Challenge">Base64-encoded challenge to be signed by the authenticator</param>
/// <param name="Timeout">Time in milliseconds the user has to respond to the authentication prompt</param>
/// <param name="RpId">Relying party identifier (usually the domain name)</param>
/// <param name="AllowCredentials">List of credentials that are allowed for this authentication</param>
/// <param name="UserVerification">User verification requirement (e.g., 'preferred', 'required')</param>
internal sealed record CredentialAssertion(
    [property: JsonPropertyName("challenge")] string Challenge,
    [property: JsonPropertyName("timeout")] int Timeout,
    [property: JsonPropertyName("rpId")] string RpId,
    [property: JsonPropertyName("allowCredentials")] IReadOnlyList<AllowedCredential> AllowCredentials,
    [property: JsonPropertyName("userVerification")] string UserVerification);

/// <summary>A credential that may be used.</summary>
/// <param name="Id">Base64-encoded credential ID</param>
/// <param name="Type">Credential type (e.g., 'public-key')</param>
/// <param name="Transports">List of allowed transports (e.g., 'internal', 'usb')</param>
internal sealed record AllowedCredential(string Id, string Type, IReadOnlyList<string> Transports);

/// <summary>What a browser made with a passkey.</summary>
internal sealed record CompletePasskeyRequest
{
    [Required, AnyJson]
    public JsonElement? Credential { get; init; }

    public string? Account { get; init; }

    [Format("email")]
    public string? Email { get; init; }

    public string? Token { get; init; }
}

/// <summary>A code of the second factor.</summary>
internal sealed record AuthWithCodeRequest
{
    [Required]
    public string? Token { get; init; }

    [Required]
    public string? Code { get; init; }
}

/// <summary>Exchange a pair of tokens for the next.</summary>
internal sealed record RefreshTokenRequest
{
    [Required, Description("May have expired.")]
    public string? AuthToken { get; init; }

    [Required]
    public string? RefreshToken { get; init; }
}

/// <summary>Ask for a link to a new password.</summary>
internal sealed record RequestPasswordResetRequest
{
    [Required, Format("email")]
    public string? Email { get; init; }

    public string? Account { get; init; }
}

/// <summary>Choose a new password with the token of the link.</summary>
internal sealed record ResetAccountPasswordRequest
{
    [Required, Format("email")]
    public string? Email { get; init; }

    [Required]
    public string? Token { get; init; }

    [Required, Format("password")]
    public string? NewPassword { get; init; }
}

/// <summary>Sign out.</summary>
[OptionalBody]
internal sealed record AccountsLogoutRequest
{
    public string? RefreshToken { get; init; }
}
