using System.Buffers;
using System.Globalization;
using System.Text;

namespace LoginPortal.Core.Tenants;

/// <summary>
/// Turns branding into a stylesheet of custom properties, so that pages need no inline style and the content security
/// policy stays strict. Every value is written from a checked type; nothing that a person typed is copied through.
/// </summary>
public static class BrandingStylesheet
{
    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdefABCDEF");

    /// <summary>The stylesheet of <paramref name="branding"/>.</summary>
    public static string Write(Branding branding)
    {
        ArgumentNullException.ThrowIfNull(branding);
        var css = new StringBuilder();
        var radius = Math.Clamp(branding.CornerRadius, 0, 32).ToString(CultureInfo.InvariantCulture);
        css.Append(CultureInfo.InvariantCulture, $":root{{--radius:{radius}px;--font:{FontFamily(branding.Font)}}}");

        switch (branding.ColorScheme)
        {
            case ColorScheme.Light:
                css.Append(":root{color-scheme:light}");
                AppendPalette(css, branding.Light);
                break;
            case ColorScheme.Dark:
                css.Append(":root{color-scheme:dark}");
                AppendPalette(css, branding.Dark);
                break;
            default:
                css.Append(":root{color-scheme:light dark}");
                AppendPalette(css, branding.Light);
                css.Append("@media (prefers-color-scheme:dark){");
                AppendPalette(css, branding.Dark);
                css.Append('}');
                break;
        }

        return css.ToString();
    }

    /// <summary>Whether <paramref name="value"/> is a colour as <see cref="BrandPalette"/> has them: <c>#rrggbb</c>.</summary>
    public static bool IsColor(string? value) =>
        value is { Length: 7 } && value[0] == '#' && value.AsSpan(1).ContainsAnyExcept(HexadecimalDigits) is false;

    /// <summary>The typefaces of <paramref name="font"/> as a CSS list.</summary>
    public static string FontFamily(FontStack font) => font switch
    {
        FontStack.Humanist => "Seravek,'Gill Sans Nova',Ubuntu,Calibri,'DejaVu Sans',source-sans-pro,sans-serif",
        FontStack.Geometric => "Avenir,Montserrat,Corbel,'URW Gothic',source-sans-pro,sans-serif",
        FontStack.Rounded => "ui-rounded,'Hiragino Maru Gothic ProN',Quicksand,Comfortaa,Manjari,'Arial Rounded MT Bold',Calibri,sans-serif",
        FontStack.Serif => "Charter,'Bitstream Charter','Sitka Text',Cambria,serif",
        FontStack.Monospace => "ui-monospace,'Cascadia Code','Source Code Pro',Menlo,Consolas,'DejaVu Sans Mono',monospace",
        _ => "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif",
    };

    private static void AppendPalette(StringBuilder css, BrandPalette palette) => css.Append(
        CultureInfo.InvariantCulture,
        $":root{{--accent:{Color(palette.Accent)};--on-accent:{Color(palette.OnAccent)};--canvas:{Color(palette.Canvas)};--surface:{Color(palette.Surface)};--text:{Color(palette.Text)}}}");

    private static string Color(string value) =>
        IsColor(value) ? value : throw new FormatException($"'{value}' is not a colour of the form #rrggbb.");
}
