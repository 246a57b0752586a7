using System.Formats.Cbor;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace LoginPortal.Core.Passkeys;

/// <summary>
/// Reads what helps to say why an answer was refused, and where an authenticator comes from. Nothing is decided by it: that is the handler's.
/// </summary>
internal static class CredentialJson
{
    private const int FlagsOffset = 32;
    private const int AaguidOffset = 37;
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;

    /// <summary>The identifier, and whether the authenticator says that it checked the person; <see langword="null"/> for what is no answer.</summary>
    public static ReadCredential? Read(string? json)
    {
        try
        {
            using var document = JsonDocument.Parse(json ?? "");
            var root = document.RootElement;
            var id = WebEncoders.Base64UrlDecode(root.GetProperty("id").GetString() ?? "");
            var data = root.GetProperty("response").TryGetProperty("authenticatorData", out var encoded)
                ? WebEncoders.Base64UrlDecode(encoded.GetString() ?? "")
                : [];
            return id.Length is > 0 and <= Passkey.MaximumCredentialIdLength
                ? new ReadCredential(id, data.Length <= FlagsOffset || (data[FlagsOffset] & UserVerified) != 0)
                : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The challenge that an answer says it answers, as base64url; <see langword="null"/> for what is no answer.</summary>
    public static string? ChallengeOf(string? json)
    {
        try
        {
            using var document = JsonDocument.Parse(json ?? "");
            var encoded = document.RootElement.GetProperty("response").GetProperty("clientDataJSON").GetString();
            using var clientData = JsonDocument.Parse(WebEncoders.Base64UrlDecode(encoded ?? ""));
            return clientData.RootElement.GetProperty("challenge").GetString();
        }
        catch (Exception exception) when (exception is JsonException or FormatException or KeyNotFoundException or InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>Which model of authenticator made a passkey (<c>aaguid</c>, Web Authentication Level 3, 6.5.1).</summary>
    public static Guid AaguidOf(byte[] attestationObject)
    {
        var data = AuthenticatorDataOf(attestationObject);
        return new Guid(data.AsSpan(AaguidOffset, 16), bigEndian: true);
    }

    /// <summary>
    /// The answer with its user-present bit set. A browser that creates a passkey by itself asks nobody, and its authenticator may leave the bit
    /// out (Web Authentication Level 3, 7.1, step 15); the handler does not know that yet. Where there is no attestation nothing is signed, so
    /// nothing is forged; any other answer is left alone, and refused.
    /// </summary>
    public static string WithUserPresent(string? json)
    {
        try
        {
            var answer = JsonNode.Parse(json ?? "");
            var text = answer?["response"]?["attestationObject"]?.GetValue<string>();
            var attestation = WebEncoders.Base64UrlDecode(text ?? "");
            var data = AuthenticatorDataOf(attestation);
            if (FormatOf(attestation) != "none" || data.Length <= FlagsOffset)
            {
                return json ?? "";
            }

            data[FlagsOffset] |= UserPresent;
            var writer = new CborWriter();
            writer.WriteStartMap(3);
            writer.WriteTextString("fmt");
            writer.WriteTextString("none");
            writer.WriteTextString("attStmt");
            writer.WriteStartMap(0);
            writer.WriteEndMap();
            writer.WriteTextString("authData");
            writer.WriteByteString(data);
            writer.WriteEndMap();
            answer!["response"]!["attestationObject"] = WebEncoders.Base64UrlEncode(writer.Encode());
            return answer.ToJsonString();
        }
        catch (Exception exception) when (exception is JsonException or FormatException or InvalidOperationException or CborContentException)
        {
            return json ?? "";
        }
    }

    private static byte[] AuthenticatorDataOf(byte[] attestationObject) => (byte[]?)ReadMap(attestationObject, "authData") ?? [];

    private static string? FormatOf(byte[] attestationObject) => (string?)ReadMap(attestationObject, "fmt");

    private static object? ReadMap(byte[] cbor, string wanted)
    {
        var reader = new CborReader(cbor);
        reader.ReadStartMap();
        while (reader.PeekState() != CborReaderState.EndMap)
        {
            if (reader.ReadTextString() != wanted)
            {
                reader.SkipValue();
                continue;
            }

            return reader.PeekState() == CborReaderState.ByteString ? reader.ReadByteString() : reader.ReadTextString();
        }

        return null;
    }
}

/// <summary>What was read of an answer.</summary>
/// <param name="Id">The credential identifier.</param>
/// <param name="IsUserVerified">Whether it says that the person was checked; so it is where it does not say.</param>
internal sealed record ReadCredential(byte[] Id, bool IsUserVerified);
