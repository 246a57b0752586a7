using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Secret = LoginPortal.Core.Data.Secret;

namespace LoginPortal.Core.OpenId;

/// <summary>
/// Finds out which client sends a request (OAuth 2.1, 2.4; OpenID Connect Core 9). A confidential client proves it in exactly one way; a public one
/// only says it. What goes wrong is answered alike, so that nobody learns which clients there are.
/// </summary>
public sealed class ClientAuthenticator(PortalDbContext database, TenantContext tenant, OpenIdIssuer issuers, TimeProvider time)
{
    private const string AssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    private const string BasicScheme = "Basic ";
    private const int LongestAssertion = 8 * 1024;
    private static readonly TimeSpan LongestAssertionLifetime = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestAssertion, MapInboundClaims = false };

    /// <summary>The client; else why it is refused.</summary>
    /// <param name="authorization">The header <c>Authorization</c>, if there is one.</param>
    /// <param name="form">The form.</param>
    /// <param name="path">The endpoint, below the issuer: an assertion may name it as its audience.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ClientAuthenticationResult> AuthenticateAsync(
        string? authorization, RequestParameters form, string path, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(form);
        if (form.Spoiled is { } spoiled)
        {
            return new ClientAuthenticationResult.Refused(
                new(OpenIdErrorCode.InvalidRequest, $"The parameter {spoiled} is given more than once or is too long."), IsBasic: false);
        }

        var isBasic = authorization?.StartsWith(BasicScheme, StringComparison.OrdinalIgnoreCase) == true;
        var hasAssertion = form["client_assertion"] is not null || form["client_assertion_type"] is not null;
        var ways = (isBasic ? 1 : 0) + (form["client_secret"] is not null ? 1 : 0) + (hasAssertion ? 1 : 0);
        if (ways > 1)
        {
            return new ClientAuthenticationResult.Refused(
                new(OpenIdErrorCode.InvalidRequest, "The client authenticates in more than one way."), isBasic);
        }

        var client = isBasic ? await BySecretAsync(ReadBasic(authorization![BasicScheme.Length..]), form["client_id"], cancellationToken)
            : hasAssertion ? await ByAssertionAsync(form, path, cancellationToken)
            : form["client_secret"] is { } secret ? await BySecretAsync((form["client_id"] ?? "", secret), form["client_id"], cancellationToken)
            : await FindAsync(form["client_id"], ClientAuthenticationKind.None, cancellationToken);
        return client is null
            ? new ClientAuthenticationResult.Refused(new(OpenIdErrorCode.InvalidClient, "The client could not be authenticated."), isBasic)
            : new ClientAuthenticationResult.Authenticated(client);
    }

    /// <summary>Identifier and secret, each encoded as in a form before they were joined (RFC 6749, 2.3.1).</summary>
    private static (string ClientId, string Secret)? ReadBasic(string value)
    {
        var buffer = new byte[value.Length];
        if (!Convert.TryFromBase64String(value.Trim(), buffer, out var written))
        {
            return null;
        }

        var text = Encoding.UTF8.GetString(buffer, 0, written);
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (WebUtility.UrlDecode(text[..colon]), WebUtility.UrlDecode(text[(colon + 1)..]));
    }

    private async Task<OpenIdClient?> BySecretAsync((string ClientId, string Secret)? given, string? alsoNamed, CancellationToken cancellationToken)
    {
        if (given is not var (clientId, secret) || (alsoNamed is not null && alsoNamed != clientId)
            || await FindAsync(clientId, ClientAuthenticationKind.Secret, cancellationToken) is not { } client)
        {
            return null;
        }

        var hash = Encoding.ASCII.GetBytes(Secret.Hash(secret));
        return client.Secrets.Any(known => CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(known.SecretHash))) ? client : null;
    }

    private async Task<OpenIdClient?> ByAssertionAsync(RequestParameters form, string path, CancellationToken cancellationToken)
    {
        var text = form["client_assertion"];
        if (form["client_assertion_type"] != AssertionType
            || JwtText.TryRead(text, LongestAssertion) is not { } unverified
            || unverified.Issuer != unverified.Subject
            || (form["client_id"] is { } named && named != unverified.Issuer)
            || await FindAsync(unverified.Issuer, ClientAuthenticationKind.PrivateKey, cancellationToken) is not { KeySetJson: { } keySet } client)
        {
            return null;
        }

        var (now, issuer) = (time.GetUtcNow(), issuers.Of(tenant.Required));
        var result = await _handler.ValidateTokenAsync(text, new TokenValidationParameters
        {
            ValidIssuer = client.ClientId,
            ValidAudiences = [issuer, issuer + path, issuer + OpenIdIssuer.TokenPath],
            ValidAlgorithms = JwtText.ClientAlgorithms,
            IssuerSigningKeys = KeysOf(keySet),
            TryAllIssuerSigningKeys = true,
            LifetimeValidator = (from, until, _, _) => until is { } end
                && new DateTimeOffset(end, TimeSpan.Zero) + ClockSkew > now
                && new DateTimeOffset(end, TimeSpan.Zero) <= now + LongestAssertionLifetime
                && (from is not { } start || new DateTimeOffset(start, TimeSpan.Zero) <= now + ClockSkew),
        });

        // One audience alone: an assertion that is meant for others too could be replayed by them.
        if (!result.IsValid || unverified.Audiences.Count() != 1 || JwtText.TextOf(unverified, JwtRegisteredClaimNames.Jti) is not { Length: > 0 and <= 256 } identifier)
        {
            return null;
        }

        var spent = Secret.Hash($"assertion\n{tenant.Required.Id}\n{client.ClientId}\n{identifier}");
        return await database.TryInsertSpentChallengeAsync(
            tenant.Required.Id, spent, now + LongestAssertionLifetime + ClockSkew, cancellationToken)
                ? client
                : null;
    }

    private static List<SecurityKey> KeysOf(string keySet)
    {
        using var document = JsonDocument.Parse(keySet);
        return [.. document.RootElement.GetProperty("keys").EnumerateArray().Select(JwtText.TryReadPublicKey).OfType<SecurityKey>()];
    }

    private Task<OpenIdClient?> FindAsync(string? clientId, ClientAuthenticationKind kind, CancellationToken cancellationToken) =>
        clientId is { Length: > 0 and <= OpenIdClient.MaximumClientIdLength }
            ? database.OpenIdClients.AsNoTracking().Include(c => c.Secrets)
                .SingleOrDefaultAsync(c => c.ClientId == clientId && c.Authentication == kind, cancellationToken)
            : Task.FromResult<OpenIdClient?>(null);
}

/// <summary>Which client it is. A closed family.</summary>
public abstract record ClientAuthenticationResult
{
    private ClientAuthenticationResult()
    {
    }

    /// <summary>This one.</summary>
    /// <param name="Client">The client.</param>
    public sealed record Authenticated(OpenIdClient Client) : ClientAuthenticationResult;

    /// <summary>None.</summary>
    /// <param name="Error">Why.</param>
    /// <param name="IsBasic">Whether it tried with the header, which wants an answer of its own (OAuth 2.1, 3.2.4).</param>
    public sealed record Refused(OpenIdError Error, bool IsBasic) : ClientAuthenticationResult;
}
