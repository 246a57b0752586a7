using System.Text.Json.Serialization;
using LoginPortal.Core.Tenants.Assets;

namespace LoginPortal.Core.Tenants;

/// <summary>The look and the words of a tenant, kept as one JSON document in each <see cref="BrandingRevision"/>.</summary>
public sealed record Branding
{
    /// <summary>The look of the portal itself, for tenants without their own and for pages without a tenant.</summary>
    public static Branding Default { get; } = new();

    /// <summary>Which palettes are used. Default: as the person's device prefers.</summary>
    public ColorScheme ColorScheme { get; init; } = ColorScheme.Auto;

    /// <summary>The colours on light.</summary>
    public BrandPalette Light { get; init; } = new("#3d5afe", "#ffffff", "#f4f5f9", "#ffffff", "#171a26");

    /// <summary>The colours on dark.</summary>
    public BrandPalette Dark { get; init; } = new("#9db0ff", "#10142b", "#0f111a", "#191c29", "#eceef6");

    /// <summary>The radius of cards in CSS pixels, 0 to 32; fields and buttons take two thirds of it. Default 16.</summary>
    public int CornerRadius { get; init; } = 16;

    /// <summary>The typeface. Default <see cref="FontStack.System"/>.</summary>
    public FontStack Font { get; init; } = FontStack.System;

    /// <summary>The arrangement of the sign-in pages. Default <see cref="PageLayout.Card"/>.</summary>
    public PageLayout Layout { get; init; } = PageLayout.Card;

    /// <summary>The logo on light, as the key of a <see cref="BrandAsset"/>; <see langword="null"/> shows the name.</summary>
    public string? LogoLight { get; init; }

    /// <summary>The logo on dark; <see langword="null"/> uses <see cref="LogoLight"/>.</summary>
    public string? LogoDark { get; init; }

    /// <summary>The icon of the browser's tab, likewise; <see langword="null"/> for the portal's own.</summary>
    public string? Favicon { get; init; }

    /// <summary>What is behind the card, or beside the form; <see langword="null"/> for the colour of the canvas alone.</summary>
    public BrandBackground? Background { get; init; }

    /// <summary>A typeface of the tenant's own, WOFF2, likewise; <see langword="null"/> for <see cref="Font"/> alone, which also stands in for it.</summary>
    public string? FontFile { get; init; }

    /// <summary>The tenant's own words: culture name, then text key, then text. What is missing is the portal's own.</summary>
    public IReadOnlyDictionary<string, IReadOnlyDictionary<string, string>> Texts { get; init; } =
        new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);

    /// <summary>The name that mails are sent under; <see langword="null"/> for the tenant's own.</summary>
    public string? SenderName { get; init; }

    /// <summary>What stands below every mail, by culture name, for instance an imprint. Default nothing.</summary>
    public IReadOnlyDictionary<string, string> MailFooter { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Rules of style of the tenant's own, within what <see cref="CustomStyles"/> allows; <see langword="null"/> for none.</summary>
    public string? CustomStyles { get; init; }

    /// <summary>The tenant's terms of use, an absolute https address; <see langword="null"/> shows no link.</summary>
    public Uri? TermsLink { get; init; }

    /// <summary>The tenant's privacy notice, likewise.</summary>
    public Uri? PrivacyLink { get; init; }

    /// <summary>Where people of the tenant find help, an https or mailto address.</summary>
    public Uri? SupportLink { get; init; }

    /// <summary>The pictures and fonts that it refers to.</summary>
    [JsonIgnore]
    public IReadOnlyList<BrandAssetReference> Assets =>
    [
        .. Refer("logoLight", LogoLight, AssetUse.Logo),
        .. Refer("logoDark", LogoDark, AssetUse.Logo),
        .. Refer("favicon", Favicon, AssetUse.Favicon),
        .. Refer("background.picture", Background?.Picture, AssetUse.Background),
        .. Refer("fontFile", FontFile, AssetUse.Font),
    ];

    private static IEnumerable<BrandAssetReference> Refer(string path, string? key, AssetUse use) =>
        key is null ? [] : [new BrandAssetReference(path, key, use)];
}

/// <summary>A reference to a picture or font.</summary>
/// <param name="Path">Where it stands: the members' names joined by dots, as in the JSON document.</param>
/// <param name="Key">The key of the <see cref="BrandAsset"/>.</param>
/// <param name="Use">What it is for.</param>
public sealed record BrandAssetReference(string Path, string Key, AssetUse Use);

/// <summary>The colours of one scheme, each as <c>#rrggbb</c>.</summary>
/// <param name="Accent">Buttons, links and focus.</param>
/// <param name="OnAccent">Text on <paramref name="Accent"/>.</param>
/// <param name="Canvas">The page behind the card.</param>
/// <param name="Surface">The card.</param>
/// <param name="Text">Text on <paramref name="Surface"/> and <paramref name="Canvas"/>.</param>
public sealed record BrandPalette(string Accent, string OnAccent, string Canvas, string Surface, string Text);

/// <summary>What is behind the card: a gradient, or a picture.</summary>
public sealed record BrandBackground
{
    /// <summary>Which of the two.</summary>
    public BackgroundKind Kind { get; init; }

    /// <summary>The colour that the canvas runs into, on light, as <c>#rrggbb</c>; of a gradient only.</summary>
    public string Light { get; init; } = "#e3e7f5";

    /// <summary>The same on dark.</summary>
    public string Dark { get; init; } = "#1b2036";

    /// <summary>The direction of a gradient in degrees, 0 to 360, clockwise from upwards. Default 160.</summary>
    public int Angle { get; init; } = 160;

    /// <summary>The picture, as the key of a <see cref="BrandAsset"/>.</summary>
    public string? Picture { get; init; }

    /// <summary>How far from the left what matters in the picture is, in percent, 0 to 100. Default the middle.</summary>
    public int FocalX { get; init; } = 50;

    /// <summary>How far from the top, likewise.</summary>
    public int FocalY { get; init; } = 50;
}

/// <summary>The kinds of background.</summary>
public enum BackgroundKind
{
    /// <summary>From the colour of the canvas into another.</summary>
    Gradient = 0,

    /// <summary>A picture that fills the space.</summary>
    Picture = 1,
}

/// <summary>Which palettes a tenant uses.</summary>
public enum ColorScheme
{
    /// <summary>Light or dark, as the person's device prefers.</summary>
    Auto = 0,

    /// <summary>Always light.</summary>
    Light = 1,

    /// <summary>Always dark.</summary>
    Dark = 2,
}

/// <summary>Typefaces that are already on the person's device.</summary>
public enum FontStack
{
    /// <summary>The device's own interface typeface.</summary>
    System = 0,

    /// <summary>A humanist sans serif.</summary>
    Humanist = 1,

    /// <summary>A geometric sans serif.</summary>
    Geometric = 2,

    /// <summary>A rounded sans serif.</summary>
    Rounded = 3,

    /// <summary>A transitional serif.</summary>
    Serif = 4,

    /// <summary>A monospaced typeface.</summary>
    Monospace = 5,
}

/// <summary>The arrangement of the sign-in pages.</summary>
public enum PageLayout
{
    /// <summary>A card in the middle of the canvas.</summary>
    Card = 0,

    /// <summary>The form at one side, a field of the accent colour at the other; a card on narrow screens.</summary>
    Split = 1,

    /// <summary>The form on the canvas, without a card.</summary>
    Plain = 2,
}
