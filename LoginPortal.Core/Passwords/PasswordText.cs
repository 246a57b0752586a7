using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace LoginPortal.Core.Passwords;

/// <summary>
/// A password in the form in which it is measured, hashed and compared: Unicode NFC, so that the same password typed on
/// two devices is the same bytes (NIST SP 800-63B-4, 3.1.1.2).
/// </summary>
public static class PasswordText
{
    /// <summary>The longest password, in code points.</summary>
    public const int MaximumLength = 128;

    /// <summary>The most UTF-16 units of input that are looked at at all.</summary>
    private const int MaximumInput = 1024;

    /// <summary>Brings <paramref name="input"/> into NFC.</summary>
    /// <param name="input">What was typed.</param>
    /// <param name="normalized">The password in NFC; <see langword="null"/> if the answer is <see langword="false"/>.</param>
    /// <returns>
    /// <see langword="false"/> if the text cannot be a password: empty, over <see cref="MaximumLength"/>, or no Unicode text
    /// (see <see cref="IsText"/>).
    /// </returns>
    public static bool TryNormalize(string? input, [NotNullWhen(true)] out string? normalized)
    {
        normalized = null;
        if (string.IsNullOrEmpty(input) || input.Length > MaximumInput || !IsText(input))
        {
            return false;
        }

        var text = input.Normalize(NormalizationForm.FormC);
        if (Length(text) > MaximumLength)
        {
            return false;
        }

        normalized = text;
        return true;
    }

    /// <summary>The length of <paramref name="text"/> in code points.</summary>
    public static int Length(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var count = 0;
        foreach (var _ in text.EnumerateRunes())
        {
            count++;
        }

        return count;
    }

    /// <summary>
    /// Whether <paramref name="text"/> is Unicode text: no half of a surrogate pair, and not U+FFFE, which is no character and which
    /// .NET refuses to normalise.
    /// </summary>
    public static bool IsText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        for (var index = 0; index < text.Length; index++)
        {
            if (char.IsHighSurrogate(text[index]) && index + 1 < text.Length && char.IsLowSurrogate(text[index + 1]))
            {
                index++;
            }
            else if (char.IsSurrogate(text[index]) || text[index] == '\uFFFE')
            {
                return false;
            }
        }

        return true;
    }
}
