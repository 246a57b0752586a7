using System.Text.Json.Serialization;
using Microsoft.IdentityModel.Tokens;

namespace LoginPortal.Core.Tokens;

/// <summary>A JSON Web Key Set (RFC 7517, 5) of public keys.</summary>
/// <param name="Keys">The keys, the oldest first.</param>
public sealed record PublishedKeySet([property: JsonPropertyName("keys")] IReadOnlyList<PublishedKey> Keys)
{
    /// <summary>Where both hosts serve it.</summary>
    public const string Path = "/.well-known/jwks.json";
}

/// <summary>A public key as a JSON Web Key (RFC 7517, 4; RFC 7518, 6.2.1).</summary>
/// <param name="Kty">The kind of key: <c>EC</c>.</param>
/// <param name="Use">What it is for: <c>sig</c>.</param>
/// <param name="Alg">The algorithm: <c>ES256</c>.</param>
/// <param name="Kid">Its identifier.</param>
/// <param name="Crv">The curve: <c>P-256</c>.</param>
/// <param name="X">The x coordinate, base64url.</param>
/// <param name="Y">The y coordinate, base64url.</param>
public sealed record PublishedKey(
    [property: JsonPropertyName("kty")] string Kty,
    [property: JsonPropertyName("use")] string Use,
    [property: JsonPropertyName("alg")] string Alg,
    [property: JsonPropertyName("kid")] string Kid,
    [property: JsonPropertyName("crv")] string Crv,
    [property: JsonPropertyName("x")] string X,
    [property: JsonPropertyName("y")] string Y)
{
    internal static PublishedKey Of(ECDsaSecurityKey key)
    {
        var point = key.ECDsa.ExportParameters(includePrivateParameters: false).Q;
        return new PublishedKey(
            "EC", "sig", SecurityAlgorithms.EcdsaSha256, key.KeyId, "P-256", Base64UrlEncoder.Encode(point.X), Base64UrlEncoder.Encode(point.Y));
    }
}
