using System.Security.Cryptography;
using System.Text;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LoginPortal.Core.OpenId;

/// <summary>
/// Makes and reads the tokens of a tenant as an issuer, signed with ES256. Three kinds, told apart by <c>typ</c> so that none passes for another:
/// ID tokens (OpenID Connect Core 2), access tokens (RFC 9068) and logout tokens (Back-Channel Logout 1.0, 2.4).
/// </summary>
public sealed class OpenIdTokens(SigningKeys keys, OpenIdIssuer issuers, IOptions<TokenOptions> options, TimeProvider time)
{
    internal const string GrantClaim = "grant";
    internal const string ClientClaim = "client_id";
    internal const string ScopeClaim = "scope";
    private const string IdTokenType = "JWT";
    private const string AccessTokenType = "at+jwt";
    private const string LogoutTokenType = "logout+jwt";
    private const int LongestToken = 8 * 1024;
    private static readonly TimeSpan LogoutTokenLifetime = TimeSpan.FromMinutes(2);

    private readonly JsonWebTokenHandler _handler = new()
    {
        SetDefaultTimesOnTokenCreation = false,
        MaximumTokenSizeInBytes = LongestToken,
        MapInboundClaims = false,
    };

    internal int AccessTokenSeconds => (int)options.Value.AccessTokenLifetime.TotalSeconds;

    internal Task<string> CreateAccessTokenAsync(
        TenantProfile tenant, string subject, string clientId, IReadOnlyList<string> scopes, OpenIdGrant grant, CancellationToken cancellationToken)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [JwtRegisteredClaimNames.Sub] = subject,
            [ClientClaim] = clientId,
            [ScopeClaim] = string.Join(' ', scopes),
            [GrantClaim] = grant.Id.ToString(),
            [JwtRegisteredClaimNames.Sid] = grant.ToldSessionId.ToString(),
            [JwtRegisteredClaimNames.AuthTime] = grant.AuthenticatedAt.ToUnixTimeSeconds(),
            [JwtRegisteredClaimNames.Acr] = grant.AuthenticationContextClass,
            [JwtRegisteredClaimNames.Amr] = grant.AuthenticationMethods.ToArray(),
        };
        AddKey(claims, grant.DpopKeyThumbprint);
        return CreateAsync(tenant, AccessTokenType, issuers.Of(tenant), claims, options.Value.AccessTokenLifetime, cancellationToken);
    }

    internal Task<string> CreateServiceTokenAsync(
        TenantProfile tenant, string clientId, IReadOnlyList<string> scopes, string? thumbprint, CancellationToken cancellationToken)
    {
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [JwtRegisteredClaimNames.Sub] = clientId,
            [ClientClaim] = clientId,
            [ScopeClaim] = string.Join(' ', scopes),
        };
        AddKey(claims, thumbprint);
        return CreateAsync(tenant, AccessTokenType, issuers.Of(tenant), claims, options.Value.AccessTokenLifetime, cancellationToken);
    }

    internal Task<string> CreateIdTokenAsync(
        TenantProfile tenant, OpenIdGrant grant, string clientId, string? nonce, string accessToken, Dictionary<string, object> more, CancellationToken cancellationToken)
    {
        var claims = new Dictionary<string, object>(more, StringComparer.Ordinal)
        {
            [JwtRegisteredClaimNames.Sub] = grant.UserId.ToString(),
            [JwtRegisteredClaimNames.AuthTime] = grant.AuthenticatedAt.ToUnixTimeSeconds(),
            [JwtRegisteredClaimNames.Acr] = grant.AuthenticationContextClass,
            [JwtRegisteredClaimNames.Amr] = grant.AuthenticationMethods.ToArray(),
            [JwtRegisteredClaimNames.Sid] = grant.ToldSessionId.ToString(),
            [JwtRegisteredClaimNames.AtHash] = HalfHash(accessToken),
        };
        if (nonce is not null)
        {
            claims[JwtRegisteredClaimNames.Nonce] = nonce;
        }

        return CreateAsync(tenant, IdTokenType, clientId, claims, options.Value.AccessTokenLifetime, cancellationToken);
    }

    internal Task<string> CreateLogoutTokenAsync(TenantProfile tenant, OpenIdGrant grant, string clientId, CancellationToken cancellationToken) => CreateAsync(
        tenant,
        LogoutTokenType,
        clientId,
        new Dictionary<string, object>(StringComparer.Ordinal)
        {
            [JwtRegisteredClaimNames.Sub] = grant.UserId.ToString(),
            [JwtRegisteredClaimNames.Sid] = grant.ToldSessionId.ToString(),
            ["events"] = new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["http://schemas.openid.net/event/backchannel-logout"] = new Dictionary<string, object>(StringComparer.Ordinal),
            },
        },
        LogoutTokenLifetime,
        cancellationToken);

    /// <summary>An access token that the tenant's portal issued for itself and that is not over; <see langword="null"/> for anything else.</summary>
    internal Task<JsonWebToken?> ReadAccessTokenAsync(TenantProfile tenant, string? token, CancellationToken cancellationToken) =>
        ReadAsync(tenant, token, AccessTokenType, issuers.Of(tenant), acceptExpired: false, cancellationToken);

    /// <summary>An ID token that the tenant issued to any client, expired or not (RP-Initiated Logout 1.0, 2); <see langword="null"/> for anything else.</summary>
    internal Task<JsonWebToken?> ReadHintAsync(TenantProfile tenant, string? token, CancellationToken cancellationToken) =>
        ReadAsync(tenant, token, IdTokenType, audience: null, acceptExpired: true, cancellationToken);

    private static void AddKey(Dictionary<string, object> claims, string? thumbprint)
    {
        if (thumbprint is not null)
        {
            claims["cnf"] = new Dictionary<string, object>(StringComparer.Ordinal) { ["jkt"] = thumbprint };
        }
    }

    /// <summary>The left half of SHA-256, base64url (OpenID Connect Core 3.1.3.6).</summary>
    private static string HalfHash(string text) => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(text))[..16]);

    private async Task<string> CreateAsync(
        TenantProfile tenant, string type, string audience, Dictionary<string, object> claims, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        claims[JwtRegisteredClaimNames.Jti] = Guid.CreateVersion7(now).ToString();
        return _handler.CreateToken(new SecurityTokenDescriptor
        {
            TokenType = type,
            Issuer = issuers.Of(tenant),
            Audience = audience,
            IssuedAt = now.UtcDateTime,
            Expires = (now + lifetime).UtcDateTime,
            Claims = claims,
            SigningCredentials = new SigningCredentials(await keys.GetCurrentAsync(cancellationToken), SecurityAlgorithms.EcdsaSha256),
        });
    }

    private async Task<JsonWebToken?> ReadAsync(
        TenantProfile tenant, string? token, string type, string? audience, bool acceptExpired, CancellationToken cancellationToken)
    {
        if (JwtText.TryRead(token, LongestToken) is not { Kid.Length: > 0 } unverified
            || await keys.FindAsync(unverified.Kid, cancellationToken) is not { } key)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var result = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            ValidIssuer = issuers.Of(tenant),
            ValidateAudience = audience is not null,
            ValidAudience = audience,
            ValidTypes = [type],
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            IssuerSigningKey = key,
            LifetimeValidator = (_, expires, _, _) => expires is { } end && (acceptExpired || new DateTimeOffset(end, TimeSpan.Zero) > now),
        });
        return result is { IsValid: true, SecurityToken: JsonWebToken read } ? read : null;
    }
}
