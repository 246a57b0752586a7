using System.Text;

namespace LoginPortal.Core.Totp;

/// <summary>Base32 of RFC 4648, 6, without padding, as authenticator apps read seeds.</summary>
public static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    /// <summary>Five bits a character; the last character is filled with zero bits.</summary>
    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder((bytes.Length * 8 + 4) / 5);
        var (buffer, bits) = (0, 0);
        foreach (var value in bytes)
        {
            buffer = ((buffer << 8) | value) & 0xFFFF;
            bits += 8;
            while (bits >= 5)
            {
                bits -= 5;
                text.Append(Alphabet[(buffer >> bits) & 31]);
            }
        }

        if (bits > 0)
        {
            text.Append(Alphabet[(buffer << (5 - bits)) & 31]);
        }

        return text.ToString();
    }

    /// <summary>Reads what <see cref="Encode"/> writes, in either case, with or without spaces and padding.</summary>
    /// <returns><see langword="null"/> if it is no Base32.</returns>
    public static byte[]? Decode(string? text)
    {
        var bytes = new List<byte>();
        var (buffer, bits) = (0, 0);
        foreach (var character in (text ?? "").Where(character => character is not (' ' or '-')).Select(char.ToUpperInvariant).TakeWhile(character => character != '='))
        {
            if (Alphabet.IndexOf(character, StringComparison.Ordinal) is var value && value < 0)
            {
                return null;
            }

            buffer = ((buffer << 5) | value) & 0xFFFF;
            bits += 5;
            if (bits >= 8)
            {
                bits -= 8;
                bytes.Add((byte)(buffer >> bits));
            }
        }

        return bytes.Count == 0 ? null : [.. bytes];
    }
}
