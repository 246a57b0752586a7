using System.Globalization;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Mail.Templates;

/// <summary>
/// The tenant's colours as mail programs take them: written into each element for the scheme that comes first, and as rules for dark
/// where the tenant follows the person's device.
/// </summary>
internal sealed class MailColors(Branding branding)
{
    private BrandPalette First => branding.ColorScheme == ColorScheme.Dark ? branding.Dark : branding.Light;

    /// <summary>The value of <c>color-scheme</c>.</summary>
    public string Scheme => branding.ColorScheme switch
    {
        ColorScheme.Light => "light",
        ColorScheme.Dark => "dark",
        _ => "light dark",
    };

    public string Body => $"margin:0;padding:24px;background:{Color(First.Canvas)};color:{Color(First.Text)};font:16px/1.5 {BrandingStylesheet.FontFamily(branding.Font)}";

    public string Card => $"max-width:520px;margin:0 auto;padding:32px;box-sizing:border-box;background:{Color(First.Surface)};color:{Color(First.Text)};"
        + $"border-top:4px solid {Color(First.Accent)};border-radius:{Math.Clamp(branding.CornerRadius, 0, 32).ToString(CultureInfo.InvariantCulture)}px";

    public string Button => $"display:inline-block;padding:12px 24px;background:{Color(First.Accent)};color:{Color(First.OnAccent)};text-decoration:none;"
        + $"font-weight:600;border-radius:{(Math.Clamp(branding.CornerRadius, 0, 32) * 2 / 3).ToString(CultureInfo.InvariantCulture)}px";

    public string Link => $"color:{Color(First.Text)};word-break:break-all";

    /// <summary>Rules for a device that prefers dark; empty where the tenant has one scheme.</summary>
    public string DarkRules => branding.ColorScheme == ColorScheme.Auto
        ? "@media (prefers-color-scheme:dark){"
            + $"body{{background:{Color(branding.Dark.Canvas)}!important;color:{Color(branding.Dark.Text)}!important}}"
            + $".card{{background:{Color(branding.Dark.Surface)}!important;color:{Color(branding.Dark.Text)}!important;border-top-color:{Color(branding.Dark.Accent)}!important}}"
            + $".button{{background:{Color(branding.Dark.Accent)}!important;color:{Color(branding.Dark.OnAccent)}!important}}"
            + $".link{{color:{Color(branding.Dark.Text)}!important}}}}"
        : "";

    private static string Color(string value) =>
        BrandingStylesheet.IsColor(value) ? value : throw new FormatException($"'{value}' is not a colour of the form #rrggbb.");
}
