using System.Text;

namespace LoginPortal.Core.Texts;

/// <summary>Text that people put in, before it is shown to others.</summary>
internal static class PlainText
{
    /// <summary>
    /// Whether <paramref name="value"/> is one line that shows as it is: no control character, no lone surrogate, nothing that turns the
    /// direction of what follows (Unicode Standard Annex 9, explicit formatting characters).
    /// </summary>
    public static bool IsOneLine(string value)
    {
        foreach (var rune in value.EnumerateRunes())
        {
            if (rune == Rune.ReplacementChar || Rune.IsControl(rune) || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069) or 0x2028 or 0x2029)
            {
                return false;
            }
        }

        return true;
    }
}
