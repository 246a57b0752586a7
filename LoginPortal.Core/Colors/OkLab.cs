using System.Runtime.InteropServices;

namespace LoginPortal.Core.Colors;

/// <summary>A colour by how it looks, in the space that the style sheet mixes in (CSS Color Module Level 4, 9.2).</summary>
/// <param name="Lightness">0 to 1.</param>
/// <param name="A">From green to red.</param>
/// <param name="B">From blue to yellow.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OkLab(double Lightness, double A, double B)
{
    public static OkLab Of(Color color)
    {
        var (r, g, b) = (Color.Linear(color.Red), Color.Linear(color.Green), Color.Linear(color.Blue));
        var l = Math.Cbrt((0.4122214708 * r) + (0.5363325363 * g) + (0.0514459929 * b));
        var m = Math.Cbrt((0.2119034982 * r) + (0.6806995451 * g) + (0.1073969566 * b));
        var s = Math.Cbrt((0.0883024619 * r) + (0.2817188376 * g) + (0.6299787005 * b));
        return new OkLab(
            (0.2104542553 * l) + (0.7936177850 * m) - (0.0040720468 * s),
            (1.9779984951 * l) - (2.4285922050 * m) + (0.4505937099 * s),
            (0.0259040371 * l) + (0.7827717662 * m) - (0.8086757660 * s));
    }

    public Color ToColor()
    {
        var (r, g, b) = ToLinear();
        return new Color(Encoded(r), Encoded(g), Encoded(b));
    }

    /// <summary>The strongest colour of this hue and lightness that sRGB has.</summary>
    public OkLab WithinRange()
    {
        var (least, most) = (0.0, 1.0);
        for (var step = 0; step < 20; step++)
        {
            var share = (least + most) / 2;
            var (r, g, b) = (this with { A = A * share, B = B * share }).ToLinear();
            if (IsPart(r) && IsPart(g) && IsPart(b))
            {
                least = share;
            }
            else
            {
                most = share;
            }
        }

        var whole = ToLinear();
        return IsPart(whole.Red) && IsPart(whole.Green) && IsPart(whole.Blue) ? this : this with { A = A * least, B = B * least };
    }

    private static bool IsPart(double part) => part is >= -0.0001 and <= 1.0001;

    private static double Encoded(double part) =>
        Math.Clamp(part <= 0.0031308 ? part * 12.92 : (1.055 * Math.Pow(part, 1 / 2.4)) - 0.055, 0, 1);

    private (double Red, double Green, double Blue) ToLinear()
    {
        var l = Math.Pow(Lightness + (0.3963377774 * A) + (0.2158037573 * B), 3);
        var m = Math.Pow(Lightness - (0.1055613458 * A) - (0.0638541728 * B), 3);
        var s = Math.Pow(Lightness - (0.0894841775 * A) - (1.2914855480 * B), 3);
        return (
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
    }
}
