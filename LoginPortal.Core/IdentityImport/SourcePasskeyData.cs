using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace LoginPortal.Core.IdentityImport;

/// <summary>What Identity keeps of a passkey in the column <c>Data</c>, as far as the portal keeps it too.</summary>
/// <remarks>EF Core writes it, and each engine's provider in its own way: SQLite's has bytes in hexadecimal and a space between date and time.</remarks>
internal sealed record SourcePasskeyData(
    [property: JsonConverter(typeof(SourcePasskeyData.Bytes))] byte[]? PublicKey,
    string? Name,
    [property: JsonConverter(typeof(SourcePasskeyData.Instant))] DateTimeOffset CreatedAt,
    uint SignCount,
    string[]? Transports,
    bool IsUserVerified,
    bool IsBackupEligible,
    bool IsBackedUp)
{
    /// <summary>Reads the column.</summary>
    /// <returns><see langword="null"/> if it cannot be read, or has no key.</returns>
    public static SourcePasskeyData? Read(string json)
    {
        try
        {
            return JsonSerializer.Deserialize<SourcePasskeyData>(json, JsonSerializerOptions.Web) is { PublicKey.Length: > 0 } data ? data : null;
        }
        catch (Exception exception) when (exception is JsonException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Base64 or hexadecimal. A COSE key (RFC 9052, 7) is a map of a few members, which begins with a letter in small print in base64 and with A in hexadecimal.</summary>
    private sealed class Bytes : JsonConverter<byte[]>
    {
        public override byte[] Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            var text = reader.GetString() ?? "";
            return text.StartsWith('A') ? Convert.FromHexString(text) : Convert.FromBase64String(text);
        }

        public override void Write(Utf8JsonWriter writer, byte[] value, JsonSerializerOptions options) => writer.WriteBase64StringValue(value);
    }

    private sealed class Instant : JsonConverter<DateTimeOffset>
    {
        public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            DateTimeOffset.Parse(reader.GetString() ?? "", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);

        public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value);
    }
}
