using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;

namespace LoginPortal.Core.Totp;

/// <summary>
/// Time-based one-time passwords of RFC 6238 with what every authenticator app understands: HMAC-SHA-1, six digits, steps of thirty
/// seconds.
/// </summary>
public static class TotpCode
{
    /// <summary>The digits of a code.</summary>
    public const int Digits = 6;

    /// <summary>The length of a step in seconds (X in RFC 6238, 4.1).</summary>
    public const int StepSeconds = 30;

    /// <summary>The length of a seed in bytes: that of the hash, as RFC 4226, 4 (R6) recommends.</summary>
    public const int SeedLength = 20;

    /// <summary>The step that <paramref name="instant"/> lies in (T in RFC 6238, 4.2).</summary>
    public static long StepAt(DateTimeOffset instant) => instant.ToUnixTimeSeconds() / StepSeconds;

    /// <summary>The code of a step: RFC 4226, 5.3, with the step as the counter.</summary>
    /// <param name="seed">The seed shared with the app.</param>
    /// <param name="step">The step, from <see cref="StepAt"/>.</param>
    /// <param name="digits">How many digits; six for every app, eight for the RFC's own examples.</param>
    public static string Compute(ReadOnlySpan<byte> seed, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The RFC's default, and the only one that every app supports; HMAC does not lean on collision resistance.
        HMACSHA1.HashData(seed, counter, hash);
#pragma warning restore CA5350
        var offset = hash[^1] & 0xF;
        var truncated = BinaryPrimitives.ReadInt32BigEndian(hash[offset..]) & 0x7FFF_FFFF;
        return (truncated % (int)Math.Pow(10, digits)).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>
    /// The step among the present one and its two neighbours (RFC 6238, 5.2) that <paramref name="code"/> belongs to;
    /// <see langword="null"/> if none. All three are compared whatever is found, in constant time.
    /// </summary>
    /// <param name="seed">The seed shared with the app.</param>
    /// <param name="code">Six ASCII digits; see <see cref="Normalize"/>.</param>
    /// <param name="now">The present.</param>
    public static long? FindStep(ReadOnlySpan<byte> seed, string code, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(code);
        long? found = null;
        var given = System.Text.Encoding.UTF8.GetBytes(code);
        var present = StepAt(now);
        for (var step = present - 1; step <= present + 1; step++)
        {
            var expected = System.Text.Encoding.ASCII.GetBytes(Compute(seed, step));
            if (CryptographicOperations.FixedTimeEquals(expected, given))
            {
                found = step;
            }
        }

        return found;
    }

    /// <summary>
    /// Six ASCII digits from what was typed: apps show them in two groups, so spaces between and around them are dropped. Nothing
    /// else is: no sign, no other digits of Unicode. <see langword="null"/> if there are not exactly six.
    /// </summary>
    public static string? Normalize(string? typed)
    {
        if (typed is null || typed.Length > 32)
        {
            return null;
        }

        var digits = string.Concat(typed.Where(character => character is not (' ' or '\u00A0' or '\u202F')));
        return digits.Length == Digits && digits.All(char.IsAsciiDigit) ? digits : null;
    }
}
