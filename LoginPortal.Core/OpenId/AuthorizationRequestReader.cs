using System.Globalization;
using System.Text.Json;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.OpenId;

/// <summary>
/// Checks an authorization request (OpenID Connect Core 3.1.2.2, OAuth 2.1, 4.1.1). First what an error could be sent to: only when the client is
/// known and the address is one of its own does it hear of errors; before that, they are said to the person.
/// </summary>
public sealed class AuthorizationRequestReader(PortalDbContext database, TenantContext tenant, OpenIdTokens tokens)
{
    private const int LongestText = 512;
    private const int LongestState = 4096;
    private const int LongestClaims = 4096;
    private const int MaximumClaims = 30;

    internal async Task<AuthorizationCheck> ReadAsync(RequestParameters parameters, CancellationToken cancellationToken)
    {
        if (parameters.Spoiled is "client_id" or "redirect_uri")
        {
            return new AuthorizationCheck.Untrusted(UntrustedRequest.Malformed);
        }

        if (parameters["client_id"] is not { Length: <= OpenIdClient.MaximumClientIdLength } clientId
            || await database.OpenIdClients.AsNoTracking().SingleOrDefaultAsync(c => c.ClientId == clientId, cancellationToken) is not { } client)
        {
            return new AuthorizationCheck.Untrusted(UntrustedRequest.UnknownClient);
        }

        if (parameters["redirect_uri"] is not { } redirectUri || !RedirectUris.Matches(client, redirectUri))
        {
            return new AuthorizationCheck.Untrusted(UntrustedRequest.UnknownRedirectUri);
        }

        var isFormPost = parameters["response_mode"] == "form_post";
        var parsed = new AuthorizationParameters
        {
            RedirectUri = redirectUri,
            IsFormPost = isFormPost,
            Scopes = [],
            State = parameters["state"] is { Length: <= LongestState } state && PasswordText.IsText(state) ? state : null,
        };
        if (ErrorOf(parameters, client) is { } error)
        {
            return new AuthorizationCheck.Refused(client, parsed, error);
        }

        parsed = parsed with
        {
            Scopes = [.. parameters.List("scope").Where(OpenIdScope.All.Contains)],
            Nonce = parameters["nonce"],
            CodeChallenge = parameters["code_challenge"],
            Prompts = parameters.List("prompt"),
            MaximumAge = parameters["max_age"] is { } age ? int.Parse(age, CultureInfo.InvariantCulture) : null,
            LoginHint = parameters["login_hint"] is { Length: <= 254 } hint && PasswordText.IsText(hint) && !hint.Any(char.IsControl) ? hint : null,
            UiLocales = parameters["ui_locales"] is { Length: <= 100 } locales && locales.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or ' ') ? locales : null,
            AcrValues = parameters.List("acr_values"),
            DpopKeyThumbprint = parameters["dpop_jkt"],
        };
        return await WithHintAsync(client, WithClaims(parsed, parameters["claims"]), parameters["id_token_hint"], cancellationToken);
    }

    /// <summary>The first rule that the request breaks.</summary>
    private static OpenIdError? ErrorOf(RequestParameters parameters, OpenIdClient client)
    {
        var prompts = parameters.List("prompt");
        return parameters switch
        {
            { Spoiled: { } name } => Invalid($"The parameter {name} is given more than once or is too long."),
            _ when parameters["request"] is not null => new(OpenIdErrorCode.RequestNotSupported, "Request objects are not supported."),
            _ when parameters["request_uri"] is not null => new(OpenIdErrorCode.RequestUriNotSupported, "Only the request_uri of a pushed request is supported."),
            _ when parameters["registration"] is not null => new(OpenIdErrorCode.RegistrationNotSupported, "Clients are registered by an administrator."),
            _ when parameters["response_mode"] is { } mode and not ("query" or "form_post") => Invalid($"The response_mode '{Shown(mode)}' is not supported: use query or form_post."),
            _ when parameters["response_type"] is null => Invalid("The parameter response_type is missing."),
            _ when parameters["response_type"] != "code" => new(OpenIdErrorCode.UnsupportedResponseType, "Only response_type=code is supported."),
            _ when client.Kind == OpenIdClientKind.Service => new(OpenIdErrorCode.UnauthorizedClient, "A service signs nobody in."),
            _ when !parameters.List("scope").Contains(OpenIdScope.OpenId) => new(OpenIdErrorCode.InvalidScope, "The scope must contain openid."),
            _ when parameters.List("scope").FirstOrDefault(scope => OpenIdScope.All.Contains(scope) && scope != OpenIdScope.OpenId && !client.Scopes.Contains(scope)) is { } scope =>
                new(OpenIdErrorCode.InvalidScope, $"The client may not ask for the scope {scope}."),
            _ when parameters["code_challenge"] is null && !client.AllowsMissingCodeChallenge => Invalid("PKCE is required: the parameter code_challenge is missing (RFC 7636)."),
            _ when parameters["code_challenge"] is not null && parameters["code_challenge_method"] != "S256" => Invalid("The code_challenge_method must be S256."),
            _ when parameters["code_challenge"] is { } challenge && !IsHash(challenge) => Invalid("The code_challenge must be a SHA-256 in base64url."),
            _ when parameters["dpop_jkt"] is { } thumbprint && !IsHash(thumbprint) => Invalid("The dpop_jkt must be a SHA-256 in base64url."),
            _ when parameters["nonce"] is { } nonce && (nonce.Length > LongestText || !PasswordText.IsText(nonce)) => Invalid($"The nonce may have {LongestText} characters."),
            _ when parameters["state"] is { } state && (state.Length > LongestState || !PasswordText.IsText(state)) => Invalid($"The state may have {LongestState} characters."),
            _ when prompts.FirstOrDefault(prompt => !AuthorizationPrompt.All.Contains(prompt)) is { } prompt => Invalid($"The prompt '{Shown(prompt)}' is not supported."),
            _ when prompts.Contains(AuthorizationPrompt.None) && prompts.Count > 1 => Invalid("The prompt none stands alone."),
            _ when parameters["max_age"] is { } age && !(int.TryParse(age, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds >= 0) =>
                Invalid("The max_age must be a number of seconds."),
            _ when parameters["claims"] is { } claims && !TryParseClaims(claims, out _) => Invalid("The parameter claims is no claims request (OpenID Connect Core 5.5)."),
            _ => null,
        };
    }

    private static OpenIdError Invalid(string description) => new(OpenIdErrorCode.InvalidRequest, description);

    /// <summary>What was sent, as far as error descriptions can carry it (OAuth 2.1, 4.1.2.1).</summary>
    private static string Shown(string value) => new([.. value.Take(40).Where(character => character is >= ' ' and <= '~' and not ('"' or '\\'))]);

    private static bool IsHash(string value) => value.Length == 43 && value.All(character => char.IsAsciiLetterOrDigit(character) || character is '-' or '_');

    private async Task<AuthorizationCheck> WithHintAsync(
        OpenIdClient client, AuthorizationParameters parsed, string? hint, CancellationToken cancellationToken)
    {
        if (hint is null)
        {
            return new AuthorizationCheck.Valid(client, parsed);
        }

        var token = await tokens.ReadHintAsync(tenant.Required, hint, cancellationToken);
        if (token is null || !token.Audiences.Contains(client.ClientId, StringComparer.Ordinal) || (parsed.Subject is { } subject && subject != token.Subject))
        {
            return new AuthorizationCheck.Refused(client, parsed, Invalid("The id_token_hint is no ID token that was issued to this client."));
        }

        return new AuthorizationCheck.Valid(client, parsed with { Subject = token.Subject });
    }

    private static AuthorizationParameters WithClaims(AuthorizationParameters parsed, string? claims)
    {
        if (claims is null || !TryParseClaims(claims, out var request) || request is null)
        {
            return parsed;
        }

        using (request)
        {
            var idToken = MembersOf(request.RootElement, "id_token");
            var acr = idToken.FirstOrDefault(member => member.Name == "acr").Value;
            var values = acr.ValueKind == JsonValueKind.Object ? ValuesOf(acr) : [];
            var subject = idToken.Concat(MembersOf(request.RootElement, "userinfo"))
                .Where(member => member.Name == "sub" && member.Value.ValueKind == JsonValueKind.Object)
                .SelectMany(member => ValuesOf(member.Value))
                .FirstOrDefault();
            return parsed with
            {
                IdTokenClaims = [.. idToken.Select(member => member.Name)],
                UserInfoClaims = [.. MembersOf(request.RootElement, "userinfo").Select(member => member.Name)],
                AcrValues = values.Count > 0 ? values : parsed.AcrValues,
                IsAcrEssential = values.Count > 0 && acr.TryGetProperty("essential", out var essential) && essential.ValueKind == JsonValueKind.True,
                Subject = subject,
            };
        }
    }

    private static bool TryParseClaims(string text, out JsonDocument? document)
    {
        document = null;
        if (text.Length > LongestClaims)
        {
            return false;
        }

        try
        {
            var parsed = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 8 });
            if (parsed.RootElement.ValueKind == JsonValueKind.Object
                && parsed.RootElement.EnumerateObject().All(part => part.Name is not ("id_token" or "userinfo") || part.Value.ValueKind is JsonValueKind.Object or JsonValueKind.Null)
                && MembersOf(parsed.RootElement, "id_token").Concat(MembersOf(parsed.RootElement, "userinfo")).All(member => member.Name.Length <= 64)
                && MembersOf(parsed.RootElement, "id_token").Length <= MaximumClaims
                && MembersOf(parsed.RootElement, "userinfo").Length <= MaximumClaims)
            {
                document = parsed;
                return true;
            }

            parsed.Dispose();
            return false;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static JsonProperty[] MembersOf(JsonElement root, string part) =>
        root.TryGetProperty(part, out var members) && members.ValueKind == JsonValueKind.Object ? [.. members.EnumerateObject()] : [];

    private static IReadOnlyList<string> ValuesOf(JsonElement request) =>
        request.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String ? [value.GetString()!]
        : request.TryGetProperty("values", out var values) && values.ValueKind == JsonValueKind.Array
            ? [.. values.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!)]
            : [];
}

/// <summary>What a check came to. A closed family.</summary>
internal abstract record AuthorizationCheck
{
    private AuthorizationCheck()
    {
    }

    /// <summary>Nothing is wrong with it.</summary>
    public sealed record Valid(OpenIdClient Client, AuthorizationParameters Parameters) : AuthorizationCheck;

    /// <summary>The client made a mistake and hears of it.</summary>
    public sealed record Refused(OpenIdClient Client, AuthorizationParameters Parameters, OpenIdError Error) : AuthorizationCheck;

    /// <summary>Nobody can be told but the person.</summary>
    public sealed record Untrusted(UntrustedRequest Reason) : AuthorizationCheck;
}

/// <summary>Why a request is answered with a page: no error may be sent to an address that is not known to be the client's.</summary>
public enum UntrustedRequest
{
    /// <summary>It names no client, or names one twice.</summary>
    Malformed,

    /// <summary>There is no such client at this tenant.</summary>
    UnknownClient,

    /// <summary>The address is none of the client's.</summary>
    UnknownRedirectUri,

    /// <summary>The request was answered already, is too old, or was begun in another browser.</summary>
    Over,
}
