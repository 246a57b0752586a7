using System.Globalization;
using System.Runtime.InteropServices;

namespace LoginPortal.Core.Colors;

/// <summary>An opaque colour of sRGB, each part 0 to 1, as branding and style sheets write it: <c>#rrggbb</c>.</summary>
/// <param name="Red">Red.</param>
/// <param name="Green">Green.</param>
/// <param name="Blue">Blue.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Color(double Red, double Green, double Blue)
{
    /// <summary>Reads <c>#rrggbb</c>.</summary>
    /// <returns><see langword="false"/> for anything else.</returns>
    public static bool TryParse(string? text, out Color color)
    {
        color = default;
        if (text is not { Length: 7 } || text[0] != '#' || !int.TryParse(text.AsSpan(1), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        color = new Color((value >> 16) / 255.0, ((value >> 8) & 255) / 255.0, (value & 255) / 255.0);
        return true;
    }

    /// <summary>The relative luminance of WCAG 2.2: 0 for black, 1 for white.</summary>
    public double Luminance => (0.2126 * Linear(Red)) + (0.7152 * Linear(Green)) + (0.0722 * Linear(Blue));

    /// <summary>The contrast ratio of WCAG 2.2 between two colours: 1 for the same, 21 for black on white.</summary>
    public static double Contrast(Color one, Color other)
    {
        var (light, dark) = (Math.Max(one.Luminance, other.Luminance), Math.Min(one.Luminance, other.Luminance));
        return (light + 0.05) / (dark + 0.05);
    }

    /// <summary>What CSS calls <c>color-mix(in oklab, one share, other)</c>.</summary>
    /// <param name="one">The colour of which there is <paramref name="share"/>.</param>
    /// <param name="share">0 to 1.</param>
    /// <param name="other">The colour of which there is the rest.</param>
    public static Color Mix(Color one, double share, Color other)
    {
        var (a, b) = (OkLab.Of(one), OkLab.Of(other));
        return new OkLab(
            (a.Lightness * share) + (b.Lightness * (1 - share)),
            (a.A * share) + (b.A * (1 - share)),
            (a.B * share) + (b.B * (1 - share))).ToColor();
    }

    /// <summary>The same hue at another lightness; its strength is lessened as far as sRGB has no such colour.</summary>
    /// <param name="lightness">0 for black to 1 for white.</param>
    public Color WithLightness(double lightness) => (OkLab.Of(this) with { Lightness = lightness }).WithinRange().ToColor();

    /// <summary>How light it looks, 0 to 1, as OKLab has it.</summary>
    public double Lightness => OkLab.Of(this).Lightness;

    /// <summary><c>#rrggbb</c>.</summary>
    public override string ToString() => $"#{Byte(Red):x2}{Byte(Green):x2}{Byte(Blue):x2}";

    internal static double Linear(double part) => part <= 0.04045 ? part / 12.92 : Math.Pow((part + 0.055) / 1.055, 2.4);

    private static int Byte(double part) => (int)Math.Round(Math.Clamp(part, 0, 1) * 255);
}
