using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LoginPortal.Samples.AspNetCore;

/// <summary>
/// The authorization code flow with PKCE, as the framework's handler for OpenID Connect does it: begin, finish, refresh, sign out. What has to be
/// remembered between the two ends of a sign-in waits in a protected cookie of this browser.
/// </summary>
internal sealed class PortalClient(HttpClient http, IOptions<PortalOptions> options, IDataProtectionProvider protection, EndedSessions ended)
{
    private const string AttemptCookie = "orders.attempt";
    private static readonly JsonWebTokenHandler Handler = new() { MapInboundClaims = false };

    private readonly PortalOptions _portal = options.Value;
    private readonly IDataProtector _protector = protection.CreateProtector("attempt");

    private string CallbackAddress => new Uri(_portal.BaseAddress, "signin-oidc").AbsoluteUri;

    /// <summary>Remembers state, nonce and verifier, and says where the browser goes.</summary>
    public async Task<string> BeginAsync(HttpContext context)
    {
        var metadata = await ReadMetadataAsync();
        var attempt = new Attempt(NewSecret(), NewSecret(), NewSecret());
        context.Response.Cookies.Append(AttemptCookie, _protector.Protect(JsonSerializer.Serialize(attempt)), AttemptCookieOptions());
        return QueryHelpers.AddQueryString(Text(metadata, "authorization_endpoint"), new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["client_id"] = _portal.ClientId,
            ["redirect_uri"] = CallbackAddress,
            ["response_type"] = "code",
            ["scope"] = "openid profile email offline_access",
            ["state"] = attempt.State,
            ["nonce"] = attempt.Nonce,
            ["code_challenge"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(attempt.Verifier))),
            ["code_challenge_method"] = "S256",
        });
    }

    /// <summary>Checks the answer, exchanges the code, checks the ID token, and signs the person in here.</summary>
    public async Task FinishAsync(HttpContext context)
    {
        var metadata = await ReadMetadataAsync();
        var query = context.Request.Query;
        var attempt = JsonSerializer.Deserialize<Attempt>(_protector.Unprotect(context.Request.Cookies[AttemptCookie] ?? ""))!;
        context.Response.Cookies.Delete(AttemptCookie, AttemptCookieOptions());
        if (query["state"] != attempt.State || query["iss"] != Text(metadata, "issuer") || query["code"] is not [{ } code])
        {
            throw new InvalidOperationException($"The sign-in failed: {query["error"]} {query["error_description"]}");
        }

        var tokens = await RequestTokensAsync(metadata, new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = CallbackAddress,
            ["code_verifier"] = attempt.Verifier,
        }) ?? throw new InvalidOperationException("The code was not accepted.");
        var person = await ReadAsync(metadata, Text(tokens, "id_token"), "JWT");
        if (person.FindFirst("nonce")?.Value != attempt.Nonce)
        {
            throw new InvalidOperationException("The ID token answers another request.");
        }

        if (await ReadUserInfoAsync(metadata, Text(tokens, "access_token")) is { } more && Text(more, "sub") == person.FindFirst("sub")!.Value)
        {
            person.AddClaim(new Claim("email", Text(more, "email")));
        }

        await StoreAsync(context, new ClaimsPrincipal(person), tokens, Text(tokens, "id_token"));
    }

    /// <summary>The next tokens; <see langword="false"/> if the portal gives none any more.</summary>
    public async Task<bool> RefreshAsync(HttpContext context)
    {
        var tokens = await RequestTokensAsync(await ReadMetadataAsync(), new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "refresh_token",
            ["refresh_token"] = await context.GetTokenAsync("refresh_token") ?? "",
        });
        if (tokens is not { } fresh)
        {
            await context.SignOutAsync();
            return false;
        }

        await StoreAsync(context, context.User, fresh, await context.GetTokenAsync("id_token") ?? "");
        return true;
    }

    /// <summary>The address of the person, as the portal says it now.</summary>
    public async Task<string> ReadEmailAsync(HttpContext context) =>
        await ReadUserInfoAsync(await ReadMetadataAsync(), await context.GetTokenAsync("access_token") ?? "") is { } person ? Text(person, "email") : "refused";

    /// <summary>Signs out here, and says where the browser goes to sign out at the portal.</summary>
    public async Task<string> SignOutAsync(HttpContext context)
    {
        var hint = await context.GetTokenAsync("id_token");
        await context.SignOutAsync();
        return QueryHelpers.AddQueryString(Text(await ReadMetadataAsync(), "end_session_endpoint"), new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["id_token_hint"] = hint,
            ["post_logout_redirect_uri"] = _portal.BaseAddress.AbsoluteUri,
        });
    }

    /// <summary>Notes a session that ended at the portal (Back-Channel Logout 1.0, 2.6).</summary>
    public async Task<bool> EndSessionAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync();
        var token = await TryReadAsync(await ReadMetadataAsync(), form["logout_token"].ToString(), "logout+jwt");
        if (token?.FindFirst("sid")?.Value is not { } session || token.HasClaim(claim => claim.Type == "nonce") || !token.HasClaim(claim => claim.Type == "events"))
        {
            return false;
        }

        ended.Add(session);
        return true;
    }

    private static CookieOptions AttemptCookieOptions() => new() { HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = TimeSpan.FromHours(1) };

    private static string NewSecret() => Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(32));

    private static string Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private async Task<JsonElement> ReadMetadataAsync() =>
        await http.GetFromJsonAsync<JsonElement>($"{_portal.Authority}/.well-known/openid-configuration");

    private async Task<JsonElement?> RequestTokensAsync(JsonElement metadata, Dictionary<string, string> form)
    {
        using var content = new FormUrlEncodedContent(form);
        using var request = new HttpRequestMessage(HttpMethod.Post, Text(metadata, "token_endpoint")) { Content = content };
        var credentials = $"{Uri.EscapeDataString(_portal.ClientId)}:{Uri.EscapeDataString(_portal.ClientSecret)}";
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials)));
        using var response = await http.SendAsync(request);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonElement>() : null;
    }

    private async Task<JsonElement?> ReadUserInfoAsync(JsonElement metadata, string accessToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Text(metadata, "userinfo_endpoint"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", accessToken);
        using var response = await http.SendAsync(request);
        return response.IsSuccessStatusCode ? await response.Content.ReadFromJsonAsync<JsonElement>() : null;
    }

    private async Task<ClaimsIdentity> ReadAsync(JsonElement metadata, string token, string type) =>
        await TryReadAsync(metadata, token, type) ?? throw new InvalidOperationException("The ID token does not hold.");

    private async Task<ClaimsIdentity?> TryReadAsync(JsonElement metadata, string token, string type)
    {
        var keys = new JsonWebKeySet(await http.GetStringAsync(Text(metadata, "jwks_uri")));
        var result = await Handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = Text(metadata, "issuer"),
            ValidAudience = _portal.ClientId,
            ValidTypes = [type],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKeys = keys.GetSigningKeys(),
            AuthenticationType = CookieAuthenticationDefaults.AuthenticationScheme,
            NameClaimType = "sub",
        });
        return result.IsValid ? result.ClaimsIdentity : null;
    }

    private static Task StoreAsync(HttpContext context, ClaimsPrincipal person, JsonElement tokens, string idToken)
    {
        var properties = new AuthenticationProperties();
        properties.StoreTokens(
        [
            new AuthenticationToken { Name = "access_token", Value = Text(tokens, "access_token") },
            new AuthenticationToken { Name = "refresh_token", Value = Text(tokens, "refresh_token") },
            new AuthenticationToken { Name = "id_token", Value = idToken },
        ]);
        return context.SignInAsync(person, properties);
    }

    private sealed record Attempt(string State, string Nonce, string Verifier);
}

/// <summary>Where the portal is, and who this application is there.</summary>
internal sealed class PortalOptions
{
    /// <summary>The issuer.</summary>
    public string Authority { get; set; } = "";

    /// <summary>The <c>client_id</c>.</summary>
    public string ClientId { get; set; } = "";

    /// <summary>The secret.</summary>
    public string ClientSecret { get; set; } = "";

    /// <summary>Where this application is.</summary>
    public Uri BaseAddress { get; set; } = new("http://localhost:5090/");
}

/// <summary>Sessions that the portal has said are over. An application on several machines keeps them in its database.</summary>
internal sealed class EndedSessions
{
    private readonly ConcurrentDictionary<string, bool> _ended = new(StringComparer.Ordinal);

    public void Add(string session) => _ended[session] = true;

    public bool Contains(string? session) => session is not null && _ended.ContainsKey(session);
}
