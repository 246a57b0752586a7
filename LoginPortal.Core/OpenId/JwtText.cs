using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace LoginPortal.Core.OpenId;

/// <summary>Reads what somebody sent as a JWT, before anything of it is believed.</summary>
internal static class JwtText
{
    /// <summary>The algorithms that clients may sign with: none that is symmetric, and not "none".</summary>
    public static readonly string[] ClientAlgorithms =
        [SecurityAlgorithms.EcdsaSha256, SecurityAlgorithms.EcdsaSha384, SecurityAlgorithms.RsaSsaPssSha256, SecurityAlgorithms.RsaSha256];

    private static readonly string[] PrivateMembers = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

    /// <summary>The unverified token; <see langword="null"/> if it is none.</summary>
    public static JsonWebToken? TryRead(string? text, int longest)
    {
        if (string.IsNullOrEmpty(text) || text.Length > longest || text.Count(character => character == '.') != 2)
        {
            return null;
        }

        try
        {
            return new JsonWebToken(text);
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or JsonException)
        {
            return null;
        }
    }

    /// <summary>The value of a claim that is text; <see langword="null"/> if it is absent or of another kind.</summary>
    public static string? TextOf(JsonWebToken token, string claim) =>
        PayloadOf(token).TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>All that a token claims.</summary>
    public static JsonElement PayloadOf(JsonWebToken token)
    {
        using var document = JsonDocument.Parse(Base64UrlEncoder.DecodeBytes(token.EncodedPayload));
        return document.RootElement.Clone();
    }

    /// <summary>A public key that is strong enough; <see langword="null"/> if it is none, or holds more than a public key may.</summary>
    public static JsonWebKey? TryReadPublicKey(JsonElement element)
    {
        if (element.ValueKind != JsonValueKind.Object || PrivateMembers.Any(member => element.TryGetProperty(member, out _)))
        {
            return null;
        }

        try
        {
            var key = new JsonWebKey(element.GetRawText());
            return key is { Kty: "EC", Crv: "P-256" or "P-384", X.Length: > 0, Y.Length: > 0 }
                || (key is { Kty: "RSA", N.Length: > 0, E.Length: > 0 } && key.KeySize >= 2048)
                    ? key
                    : null;
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or JsonException)
        {
            return null;
        }
    }
}
