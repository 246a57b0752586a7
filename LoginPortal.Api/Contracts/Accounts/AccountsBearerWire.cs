using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoginPortal.Api.Contracts.Accounts;

/// <summary>A person's tokens: references and times, never the tokens themselves.</summary>
/// <param name="Auth">The access token of the request.</param>
/// <param name="Refresh">The refresh tokens of the session.</param>
internal sealed record SessionTokensResponse(IReadOnlyList<TokenReference> Auth, IReadOnlyList<TokenReference> Refresh);

/// <summary>A token.</summary>
/// <param name="Id">Names it; opens nothing.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="ExpiresAt">When it stops working, UTC.</param>
internal sealed record TokenReference(string Id, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt);

/// <summary>What to set up an authenticator app with.</summary>
/// <param name="OtpauthUrl">For the QR code.</param>
/// <param name="Secret">The same, to be typed.</param>
internal sealed record TotpKeyResponse(string OtpauthUrl, string Secret);

/// <summary>The first code of an app.</summary>
internal sealed record ConfirmTotpRequest
{
    [Required]
    public string? Code { get; init; }

    [Required]
    public string? Secret { get; init; }
}

/// <summary>The app counts from now on.</summary>
/// <param name="RecoveryCodes">New recovery codes, shown once; <see langword="null"/> if there were some.</param>
/// <param name="AuthToken">For whoever owed this before signing in: the authentication token.</param>
/// <param name="RefreshToken">And the refresh token.</param>
internal sealed record TotpConfirmedResponse(
    IReadOnlyList<string>? RecoveryCodes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AuthToken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null);

/// <summary>What a browser made.</summary>
internal sealed record CompletePasskeyRegistrationRequest
{
    [Required, Http.AnyJson]
    public JsonElement? Credential { get; init; }

    public string? Name { get; init; }
}

/// <summary>A passkey that has been added.</summary>
/// <param name="Id">Names it.</param>
/// <param name="Name">What it is called.</param>
/// <param name="RecoveryCodes">New recovery codes, shown once, where they were due.</param>
/// <param name="AuthToken">For whoever owed this before signing in: the authentication token.</param>
/// <param name="RefreshToken">And the refresh token.</param>
internal sealed record PasskeyRegisteredResponse(
    string Id,
    string Name,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? RecoveryCodes = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? AuthToken = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? RefreshToken = null);

/// <summary>Which second factors shall be on.</summary>
internal sealed record MfaSettingsRequest
{
    public bool? TotpEnabled { get; init; }

    public bool? PasskeyEnabled { get; init; }
}

/// <summary>Sign in with a key.</summary>
internal sealed record AuthWithApiKeyRequest
{
    [Required]
    public string? ApiKey { get; init; }
}

/// <summary>Make a key.</summary>
internal sealed record CreateApiKeyRequest
{
    [Required]
    public string? KeyName { get; init; }
}

/// <summary>A key.</summary>
/// <param name="Id">Names it; opens nothing.</param>
/// <param name="KeyName">What its owner calls it.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="ExpiresAt">When it stops working, UTC.</param>
/// <param name="ApiKey">The key itself, in the one answer that shows it.</param>
internal sealed record ApiKeyResponse(
    string Id,
    string KeyName,
    DateTimeOffset CreatedAt,
    DateTimeOffset ExpiresAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? ApiKey = null);
