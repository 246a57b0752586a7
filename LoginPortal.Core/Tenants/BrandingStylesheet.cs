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
        var fonts = FontFamily(branding.Font);
        if (branding.FontFile is { } fontFile)
        {
            css.Append(CultureInfo.InvariantCulture, $"@font-face{{font-family:Brand;src:url(assets/{Key(fontFile)}) format('woff2');font-display:swap;font-weight:100 900}}");
            fonts = $"Brand,{fonts}";
        }

        css.Append(CultureInfo.InvariantCulture, $":root{{--radius:{radius}px;--font:{fonts}}}");

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

        AppendBackground(css, branding);
        if (CustomStyles.TryRead(branding.CustomStyles, out var styles, out _))
        {
            css.Append(styles);
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

    /// <summary>
    /// Beside the form where there is a place for it, else behind the card. What stands upon a picture itself gets a ground of its own, so that it can
    /// be read whatever the picture shows.
    /// </summary>
    private static void AppendBackground(StringBuilder css, Branding branding)
    {
        if (branding.Background is not { } background)
        {
            return;
        }

        var image = background.Kind switch
        {
            BackgroundKind.Picture when background.Picture is { } picture =>
                string.Create(CultureInfo.InvariantCulture, $"url(assets/{Key(picture)}) {Percent(background.FocalX)} {Percent(background.FocalY)}/cover"),
            BackgroundKind.Gradient => string.Create(
                CultureInfo.InvariantCulture,
                $"linear-gradient({Math.Clamp(background.Angle, 0, 360)}deg in oklab,var(--canvas),{RunsInto(branding.ColorScheme, background)})"),
            _ => null,
        };
        if (image is null)
        {
            return;
        }

        css.Append(CultureInfo.InvariantCulture, $".layout-card .page,.layout-plain .page,.layout-split .page-art{{background:{image}}}");
        if (background.Kind == BackgroundKind.Picture)
        {
            css.Append(".layout-card :is(.brand,.footer),.layout-plain :is(.brand,.footer,.card){background:var(--canvas);border-radius:var(--radius-small);padding:.5rem 1rem}");
        }
    }

    private static string RunsInto(ColorScheme scheme, BrandBackground background) => scheme switch
    {
        ColorScheme.Light => Color(background.Light),
        ColorScheme.Dark => Color(background.Dark),
        _ => $"light-dark({Color(background.Light)},{Color(background.Dark)})",
    };

    private static string Percent(int value) => string.Create(CultureInfo.InvariantCulture, $"{Math.Clamp(value, 0, 100)}%");

    private static string Key(string key) =>
        BrandAsset.IsKey(key) ? key : throw new FormatException($"'{key}' is not the key of a picture or font.");

    private static string Color(string value) =>
        IsColor(value) ? value : throw new FormatException($"'{value}' is not a colour of the form #rrggbb.");
}
