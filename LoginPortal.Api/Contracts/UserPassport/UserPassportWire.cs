using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoginPortal.Api.Http;

namespace LoginPortal.Api.Contracts.UserPassport;

/// <summary>Every failure, and what was done.</summary>
/// <param name="Message">In words.</param>
internal sealed record PassportMessage(string Message);

/// <summary>The first call: the password.</summary>
internal sealed record PassportLoginRequest
{
    [Required, Format("email"), Description("The email address of the user trying to authenticate")]
    public string? Email { get; init; }

    [Required, Description("The password of the user trying to authenticate")]
    public string? Password { get; init; }

    [Description("The organisation's name, where the address alone does not say it.")]
    public string? TenantSlug { get; init; }
}

/// <summary>What the second call needs.</summary>
/// <param name="MfaEnabled">Indicates whether the user has two-factor authentication enabled</param>
/// <param name="MfaVerified">Whether setting it up has been completed</param>
/// <param name="MfaSvg">While it has not: the SVG for the QR code to scan</param>
/// <param name="Message">A message indicating whether the login was successful or not</param>
/// <param name="Token">For the second call, and for nothing else</param>
internal sealed record PassportLoginResponse(bool MfaEnabled, bool MfaVerified, string? MfaSvg, string Message, string Token);

/// <summary>The second call: the code, where one is needed.</summary>
internal sealed record PassportRequest
{
    [Description("The Time-based One-Time Password. This is required if two-factor authentication is enabled. A recovery code is taken too.")]
    public string? Totp { get; init; }

    [Required, Description("The authentication token obtained from the authentication API")]
    public string? Token { get; init; }
}

/// <summary>Somebody is signed in.</summary>
/// <param name="Message">A message indicating whether the login was successful or not</param>
/// <param name="AuthToken">The authorization token that must be used in all subsequent API calls.</param>
internal sealed record PassportResponse(string Message, string AuthToken);
