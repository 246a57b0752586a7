using System.Globalization;
using System.Text;
using LoginPortal.Core.Colors;
using LoginPortal.Core.Tenants.Assets;
using LoginPortal.Core.Texts;

namespace LoginPortal.Core.Tenants;

/// <summary>What branding may be, for whoever writes it: the studio, an imported file, a program.</summary>
public static class BrandingRules
{
    /// <summary>How long a text of the tenant's own may be, in characters.</summary>
    public const int MaximumTextLength = 600;

    /// <summary>How long the name may be that mails are sent under.</summary>
    public const int MaximumSenderNameLength = 100;

    /// <summary>How long an address that is linked to may be.</summary>
    public const int MaximumLinkLength = 1000;

    /// <summary>What is wrong, in the order of the document.</summary>
    /// <param name="branding">The document.</param>
    /// <param name="assets">The tenant's pictures and fonts: media types by key.</param>
    public static IReadOnlyList<BrandingProblem> Find(Branding branding, IReadOnlyDictionary<string, string> assets)
    {
        ArgumentNullException.ThrowIfNull(branding);
        ArgumentNullException.ThrowIfNull(assets);
        return
        [
            .. InEnums(branding),
            .. InPalette(branding, branding.Light, isDark: false),
            .. InPalette(branding, branding.Dark, isDark: true),
            .. InRange("cornerRadius", branding.CornerRadius, 32),
            .. InAssets(branding, assets),
            .. branding.Background is { } background ? InBackground(branding, background) : [],
            .. InTexts(branding),
            .. InFooters(branding),
            .. InWords("senderName", branding.SenderName, MaximumSenderNameLength, allowsLines: false),
            .. InLink("termsLink", branding.TermsLink, Uri.UriSchemeHttps),
            .. InLink("privacyLink", branding.PrivacyLink, Uri.UriSchemeHttps),
            .. InLink("supportLink", branding.SupportLink, Uri.UriSchemeHttps, Uri.UriSchemeMailto),
            .. CustomStyles.TryRead(branding.CustomStyles, out _, out var styles)
                ? (BrandingProblem[])[]
                : [new("customStyles", BrandingProblemKind.Styles) { Styles = styles }],
        ];
    }

    private static IEnumerable<BrandingProblem> InEnums(Branding branding)
    {
        foreach (var (path, isDefined) in ((string, bool)[])
        [
            ("colorScheme", Enum.IsDefined(branding.ColorScheme)),
            ("font", Enum.IsDefined(branding.Font)),
            ("layout", Enum.IsDefined(branding.Layout)),
            ("background.kind", branding.Background is not { } background || Enum.IsDefined(background.Kind)),
        ])
        {
            if (!isDefined)
            {
                yield return new(path, BrandingProblemKind.OutOfRange);
            }
        }
    }

    private static IEnumerable<BrandingProblem> InPalette(Branding branding, BrandPalette palette, bool isDark)
    {
        var name = isDark ? "dark" : "light";
        foreach (var (color, value) in ((string, string)[])
        [
            ("accent", palette.Accent), ("onAccent", palette.OnAccent), ("canvas", palette.Canvas), ("surface", palette.Surface), ("text", palette.Text),
        ])
        {
            if (!BrandingStylesheet.IsColor(value))
            {
                yield return new($"{name}.{color}", BrandingProblemKind.Color);
            }
        }

        // Colours that nobody sees need not be read.
        if (branding.ColorScheme == (isDark ? ColorScheme.Light : ColorScheme.Dark))
        {
            yield break;
        }

        foreach (var problem in PaletteContrast.Find(palette, isDark))
        {
            yield return new($"{name}.{char.ToLowerInvariant(problem.Color.ToString()[0])}{problem.Color.ToString()[1..]}", BrandingProblemKind.Contrast)
            {
                Contrast = problem,
            };
        }

        // The gradient's other end is a canvas too.
        if (branding.Background is { Kind: BackgroundKind.Gradient } background
            && PaletteContrast.Find(palette with { Canvas = isDark ? background.Dark : background.Light }, isDark)
                .FirstOrDefault(problem => problem.Color == PaletteColor.Canvas) is { } end)
        {
            yield return new($"background.{name}", BrandingProblemKind.Contrast) { Contrast = end };
        }
    }

    private static IEnumerable<BrandingProblem> InBackground(Branding branding, BrandBackground background)
    {
        foreach (var (name, value) in ((string, string)[])[("light", background.Light), ("dark", background.Dark)])
        {
            if (!BrandingStylesheet.IsColor(value))
            {
                yield return new($"background.{name}", BrandingProblemKind.Color);
            }
        }

        if (branding.Background is { Kind: BackgroundKind.Picture, Picture: null })
        {
            yield return new("background.picture", BrandingProblemKind.Missing);
        }

        foreach (var problem in InRange("background.angle", background.Angle, 360)
            .Concat(InRange("background.focalX", background.FocalX, 100))
            .Concat(InRange("background.focalY", background.FocalY, 100)))
        {
            yield return problem;
        }
    }

    private static IEnumerable<BrandingProblem> InRange(string path, int value, int most)
    {
        if (value < 0 || value > most)
        {
            yield return new(path, BrandingProblemKind.OutOfRange) { Most = most };
        }
    }

    private static IEnumerable<BrandingProblem> InAssets(Branding branding, IReadOnlyDictionary<string, string> assets) => branding.Assets
        .Where(asset => !assets.TryGetValue(asset.Key, out var type) || !AssetReader.IsFor(type, asset.Use))
        .Select(asset => new BrandingProblem(asset.Path, BrandingProblemKind.Asset));

    private static IEnumerable<BrandingProblem> InTexts(Branding branding)
    {
        foreach (var (language, texts) in branding.Texts)
        {
            if (!TextCatalog.Languages.Contains(language))
            {
                yield return new($"texts.{language}", BrandingProblemKind.Language);
                continue;
            }

            var own = TextCatalog.OwnTexts(CultureInfo.GetCultureInfo(language));
            foreach (var (key, text) in texts)
            {
                var path = $"texts.{language}.{key}";
                if (!own.TryGetValue(key, out var portals))
                {
                    yield return new(path, BrandingProblemKind.TextKey);
                    continue;
                }

                foreach (var problem in InWords(path, text, MaximumTextLength, allowsLines: portals.Contains('\n', StringComparison.Ordinal)))
                {
                    yield return problem;
                }

                if (!FitsPlaceholders(portals, text))
                {
                    yield return new(path, BrandingProblemKind.Placeholders) { Wanted = portals };
                }
            }
        }
    }

    /// <summary>A text with values in it may leave some out, and may have none that the portal's has not.</summary>
    private static bool FitsPlaceholders(string portals, string text)
    {
        var allowed = CompositeFormat.Parse(portals).MinimumArgumentCount;
        if (allowed == 0)
        {
            return true;
        }

        try
        {
            return CompositeFormat.Parse(text).MinimumArgumentCount <= allowed;
        }
        catch (FormatException)
        {
            return false;
        }
    }

    private static IEnumerable<BrandingProblem> InFooters(Branding branding) => branding.MailFooter.SelectMany(
        footer => TextCatalog.Languages.Contains(footer.Key)
            ? InWords($"mailFooter.{footer.Key}", footer.Value, MaximumTextLength, allowsLines: true)
            : [new($"mailFooter.{footer.Key}", BrandingProblemKind.Language)]);

    private static IEnumerable<BrandingProblem> InWords(string path, string? words, int maximum, bool allowsLines)
    {
        if (words is null)
        {
            yield break;
        }

        if (string.IsNullOrWhiteSpace(words))
        {
            yield return new(path, BrandingProblemKind.Missing);
        }
        else if (words.Length > maximum)
        {
            yield return new(path, BrandingProblemKind.TooLong) { Most = maximum };
        }
        else if (words.EnumerateRunes().Any(rune => !IsWritten(rune, allowsLines)))
        {
            yield return new(path, BrandingProblemKind.Characters);
        }
    }

    /// <summary>What changes the direction or the lines of others' text does not belong into words.</summary>
    private static bool IsWritten(Rune rune, bool allowsLines) =>
        (allowsLines && rune.Value == '\n')
        || Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned)
        && rune.Value is not (>= 0x202A and <= 0x202E) and not (>= 0x2066 and <= 0x2069);

    private static IEnumerable<BrandingProblem> InLink(string path, Uri? link, params string[] schemes)
    {
        if (link is not null
            && (!link.IsAbsoluteUri || !schemes.Contains(link.Scheme, StringComparer.Ordinal) || link.OriginalString.Length > MaximumLinkLength
                || link.UserInfo.Length > 0 && link.Scheme == Uri.UriSchemeHttps))
        {
            yield return new(path, BrandingProblemKind.Link);
        }
    }
}

/// <summary>Something wrong with branding.</summary>
/// <param name="Path">Where: the members' names joined by dots, as in the JSON document, for instance <c>light.accent</c>.</param>
/// <param name="Kind">What.</param>
public sealed record BrandingProblem(string Path, BrandingProblemKind Kind)
{
    /// <summary>The contrast that there is, that there must be, and the nearest colour that has it; of <see cref="BrandingProblemKind.Contrast"/>.</summary>
    public ContrastProblem? Contrast { get; init; }

    /// <summary>What is refused in the rules of style; of <see cref="BrandingProblemKind.Styles"/>.</summary>
    public CustomStylesProblem? Styles { get; init; }

    /// <summary>The most that there may be; of <see cref="BrandingProblemKind.OutOfRange"/> and <see cref="BrandingProblemKind.TooLong"/>.</summary>
    public int? Most { get; init; }

    /// <summary>The portal's own text; of <see cref="BrandingProblemKind.Placeholders"/>.</summary>
    public string? Wanted { get; init; }

    /// <summary>Whether a draft can be kept with it, because a page can be drawn all the same: only publishing waits for it to be mended.</summary>
    public bool IsForDrafts => Kind is BrandingProblemKind.Contrast or BrandingProblemKind.Missing;
}

/// <summary>What can be wrong with branding. The names are part of the JSON host's answers: they never change.</summary>
public enum BrandingProblemKind
{
    /// <summary>Not a colour of the form <c>#rrggbb</c>.</summary>
    Color = 0,

    /// <summary>Cannot be read (WCAG 2.2 AA).</summary>
    Contrast = 1,

    /// <summary>A number or name that is none of those allowed.</summary>
    OutOfRange = 2,

    /// <summary>No picture or font of the tenant, or the one where the other belongs.</summary>
    Asset = 3,

    /// <summary>Empty where something belongs.</summary>
    Missing = 4,

    /// <summary>Too long.</summary>
    TooLong = 5,

    /// <summary>Control characters, line breaks where there can be none, or marks that turn the direction of writing.</summary>
    Characters = 6,

    /// <summary>A language that there are no words for.</summary>
    Language = 7,

    /// <summary>No text of the portal's has this key.</summary>
    TextKey = 8,

    /// <summary>Braces that are no placeholder, or a placeholder that the portal's text has not.</summary>
    Placeholders = 9,

    /// <summary>Not an absolute https address (or, for support, mailto).</summary>
    Link = 10,

    /// <summary>Rules of style that are not allowed.</summary>
    Styles = 11,
}
