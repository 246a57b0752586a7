using System.Formats.Cbor;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;

namespace LoginPortal.Testing;

/// <summary>
/// An authenticator and the browser in front of it, in software. It signs whatever it is told to, right or wrong: each field of
/// <see cref="Answer"/> replaces what an honest one would say.
/// </summary>
public sealed class SoftwareAuthenticator : IDisposable
{
    /// <summary>The user was present.</summary>
    public const byte UserPresent = 0x01;

    /// <summary>The user was verified.</summary>
    public const byte UserVerified = 0x04;

    /// <summary>The key can be copied.</summary>
    public const byte BackupEligible = 0x08;

    /// <summary>The key has been copied.</summary>
    public const byte BackupState = 0x10;

    private const byte AttestedData = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public byte[] CredentialId { get; init; } = RandomNumberGenerator.GetBytes(32);

    /// <summary>Which model it says it is.</summary>
    public Guid Aaguid { get; init; }

    /// <summary>The user handle that it keeps with the key; <see langword="null"/> for a key that is not discoverable.</summary>
    public string? UserHandle { get; set; }

    /// <summary>The counter of the last signature; it counts on by itself where <see cref="Counts"/>.</summary>
    public uint Counter { get; set; }

    /// <summary>Whether it counts its signatures; many do not.</summary>
    public bool Counts { get; init; }

    /// <summary>What an honest answer of this authenticator carries.</summary>
    public byte Flags { get; init; } = UserPresent | UserVerified;

    /// <summary>The origin that the browser is at.</summary>
    public string Origin { get; set; } = "https://login.example.com";

    /// <summary>Creates a key for the options, <c>navigator.credentials.create()</c>.</summary>
    public string Create(string optionsJson, Answer? answer = null)
    {
        answer ??= new Answer();
        var options = JsonNode.Parse(optionsJson)!;
        UserHandle = options["user"]!["id"]!.GetValue<string>();
        var clientData = ClientData(answer, "webauthn.create", options);
        var data = AuthenticatorData(answer, answer.RpId ?? options["rp"]!["id"]!.GetValue<string>(), attested: true);
        if (answer.TruncateCbor > 0)
        {
            data = data[..^answer.TruncateCbor];
        }

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
        return Credential(answer, new JsonObject
        {
            ["clientDataJSON"] = WebEncoders.Base64UrlEncode(clientData),
            ["attestationObject"] = WebEncoders.Base64UrlEncode(writer.Encode()),
            ["transports"] = new JsonArray("internal", "hybrid"),
        });
    }

    /// <summary>Signs for the options, <c>navigator.credentials.get()</c>.</summary>
    public string Get(string optionsJson, Answer? answer = null)
    {
        answer ??= new Answer();
        var options = JsonNode.Parse(optionsJson)!;
        var clientData = ClientData(answer, "webauthn.get", options);
        if (Counts && answer.Counter is null)
        {
            Counter++;
        }

        var data = AuthenticatorData(answer, answer.RpId ?? options["rpId"]!.GetValue<string>(), attested: false);
        if (answer.TruncateCbor > 0)
        {
            data = data[..^answer.TruncateCbor];
        }

        byte[] signed = [.. data, .. SHA256.HashData(clientData)];
        using var other = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var signature = (answer.WithAnotherKey ? other : _key).SignData(signed, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        return Credential(answer, new JsonObject
        {
            ["clientDataJSON"] = WebEncoders.Base64UrlEncode(clientData),
            ["authenticatorData"] = WebEncoders.Base64UrlEncode(data),
            ["signature"] = WebEncoders.Base64UrlEncode(signature),
            ["userHandle"] = answer.UserHandle is { } handle ? WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(handle))
                : answer.WithoutUserHandle ? null
                : UserHandle,
        });
    }

    public void Dispose() => _key.Dispose();

    private byte[] ClientData(Answer answer, string type, JsonNode options) => JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        ["type"] = answer.Type ?? type,
        ["challenge"] = answer.Challenge ?? options["challenge"]!.GetValue<string>(),
        ["origin"] = answer.Origin ?? Origin,
        ["crossOrigin"] = answer.CrossOrigin,
    });

    private byte[] AuthenticatorData(Answer answer, string rpId, bool attested)
    {
        var flags = (byte)((answer.Flags ?? Flags) | (attested ? AttestedData : 0));
        var counter = answer.Counter ?? Counter;
        byte[] head =
        [
            .. SHA256.HashData(Encoding.UTF8.GetBytes(rpId)), flags,
            (byte)(counter >> 24), (byte)(counter >> 16), (byte)(counter >> 8), (byte)counter,
        ];
        return attested
            ? [.. head, .. Aaguid.ToByteArray(bigEndian: true), (byte)(CredentialId.Length >> 8), (byte)CredentialId.Length, .. CredentialId, .. PublicKey(answer)]
            : head;
    }

    /// <summary>The key as COSE writes it (RFC 9053, 2.1 and 7.1).</summary>
    private byte[] PublicKey(Answer answer)
    {
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        var writer = new CborWriter(CborConformanceMode.Ctap2Canonical);
        writer.WriteStartMap(5);
        Write(1, 2);
        Write(3, answer.Algorithm ?? -7);
        Write(-1, 1);
        writer.WriteInt32(-2);
        writer.WriteByteString(point.X!);
        writer.WriteInt32(-3);
        writer.WriteByteString(point.Y!);
        writer.WriteEndMap();
        return writer.Encode();

        void Write(int label, int value)
        {
            writer.WriteInt32(label);
            writer.WriteInt32(value);
        }
    }

    private string Credential(Answer answer, JsonObject response)
    {
        var id = WebEncoders.Base64UrlEncode(answer.CredentialId ?? CredentialId);
        return new JsonObject
        {
            ["id"] = id,
            ["rawId"] = id,
            ["type"] = answer.CredentialType ?? "public-key",
            ["clientExtensionResults"] = new JsonObject(),
            ["response"] = response,
        }.ToJsonString();
    }

    /// <summary>What to say otherwise than an honest authenticator in an honest browser would.</summary>
    public sealed record Answer
    {
        public string? Origin { get; init; }

        public string? RpId { get; init; }

        public string? Type { get; init; }

        public string? CredentialType { get; init; }

        public string? Challenge { get; init; }

        public bool CrossOrigin { get; init; }

        public byte? Flags { get; init; }

        public uint? Counter { get; init; }

        public string? UserHandle { get; init; }

        public bool WithoutUserHandle { get; init; }

        public int? Algorithm { get; init; }

        public byte[]? CredentialId { get; init; }

        public bool WithAnotherKey { get; init; }

        public int TruncateCbor { get; init; }
    }
}
