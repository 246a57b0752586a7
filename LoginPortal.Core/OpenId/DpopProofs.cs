using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Secret = LoginPortal.Core.Data.Secret;

namespace LoginPortal.Core.OpenId;

/// <summary>
/// Checks that whoever sends a request holds the key that its token is bound to (RFC 9449, 4.3). The comments number the checks there. A proof
/// works once.
/// </summary>
public sealed class DpopProofs(PortalDbContext database, TenantContext tenant, OpenIdIssuer issuers, TimeProvider time)
{
    private const string ProofType = "dpop+jwt";
    private const int LongestProof = 4 * 1024;
    private static readonly TimeSpan Age = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(10);

    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = LongestProof, MapInboundClaims = false };

    /// <summary>The thumbprint of the key (RFC 7638); <see langword="null"/> if the proof does not hold.</summary>
    /// <param name="proof">The header <c>DPoP</c>.</param>
    /// <param name="method">The method of the request.</param>
    /// <param name="path">The endpoint, below the issuer.</param>
    /// <param name="accessToken">The access token that comes with it; <see langword="null"/> where there is none yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<string?> CheckAsync(string? proof, string method, string path, string? accessToken, CancellationToken cancellationToken)
    {
        // 2, 3, 4: a well-formed JWT of the right type.
        if (JwtText.TryRead(proof, LongestProof) is not { } token || token.Typ != ProofType

            // 6, 8: with a public key and nothing private.
            || ReadKey(token) is not { } key)
        {
            return null;
        }

        var now = time.GetUtcNow();

        // 5, 7: signed with that key, asymmetrically.
        var result = await _handler.ValidateTokenAsync(proof, new TokenValidationParameters
        {
            ValidateIssuer = false,
            ValidateAudience = false,
            ValidateLifetime = false,
            RequireExpirationTime = false,
            ValidTypes = [ProofType],
            ValidAlgorithms = JwtText.ClientAlgorithms,
            IssuerSigningKey = key,
        });
        if (!result.IsValid

            // 9: for this method, 10: for this address; query and fragment do not count.
            || JwtText.TextOf(token, "htm") != method
            || JwtText.TextOf(token, "htu") is not { } address || address.Split('?', '#')[0] != issuers.Of(tenant.Required) + path

            // 12: made just now.
            || !JwtText.PayloadOf(token).TryGetProperty(JwtRegisteredClaimNames.Iat, out var iat) || iat.ValueKind != JsonValueKind.Number || !iat.TryGetInt64(out var issuedAt)
            || issuedAt < (now - Age).ToUnixTimeSeconds() || issuedAt > (now + ClockSkew).ToUnixTimeSeconds()

            // 13: for this token.
            || (accessToken is not null && JwtText.TextOf(token, "ath") != HashOf(accessToken))
            || JwtText.TextOf(token, JwtRegisteredClaimNames.Jti) is not { Length: > 0 and <= 256 } identifier)
        {
            return null;
        }

        // 11.1: never seen before.
        var thumbprint = Base64UrlEncoder.Encode(key.ComputeJwkThumbprint());
        var spent = Secret.Hash($"dpop\n{tenant.Required.Id}\n{thumbprint}\n{identifier}");
        return await database.TryInsertSpentChallengeAsync(tenant.Required.Id, spent, now + Age + ClockSkew, cancellationToken) ? thumbprint : null;
    }

    private static string HashOf(string accessToken) => Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(accessToken)));

    private static JsonWebKey? ReadKey(JsonWebToken token)
    {
        try
        {
            using var header = JsonDocument.Parse(Base64UrlEncoder.Decode(token.EncodedHeader));
            return header.RootElement.TryGetProperty("jwk", out var key) ? JwtText.TryReadPublicKey(key) : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }
}
