using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Colors;

/// <summary>
/// Whether people can read what a palette makes of the pages: every pair of colours that the style sheet sets upon one another, those that it
/// mixes too, against WCAG 2.2 level AA (1.4.3 text, 1.4.11 what is no text).
/// </summary>
public static class PaletteContrast
{
    /// <summary>What text needs.</summary>
    public const double Text = 4.5;

    /// <summary>What the edge of a field needs.</summary>
    public const double Edge = 3;

    /// <summary>The pairs; each names the colour that a better one is looked for, because it is the one that gives way most easily.</summary>
    private static readonly Pair[] Pairs =
    [
        new(PaletteColor.Text, Text, palette => (palette.Text, palette.Surface)),
        new(PaletteColor.Text, Text, palette => (Color.Mix(palette.Text, 0.72, palette.Surface), palette.Surface)),
        new(PaletteColor.Text, Text, palette => (Color.Mix(palette.Text, 0.72, palette.Surface), Tint(palette))),
        new(PaletteColor.Text, Text, palette => (palette.Text, Tint(palette))),
        new(PaletteColor.Text, Edge, palette => (Color.Mix(palette.Text, 0.55, palette.Surface), palette.Surface)),
        new(PaletteColor.Canvas, Text, palette => (palette.Text, palette.Canvas)),
        new(PaletteColor.Canvas, Text, palette => (Color.Mix(palette.Text, 0.75, palette.Canvas), palette.Canvas)),
        new(PaletteColor.OnAccent, Text, palette => (palette.OnAccent, palette.Accent)),
        new(PaletteColor.Accent, Text, palette => (Color.Mix(palette.Accent, 0.88, palette.Text), palette.Surface)),
        new(PaletteColor.Accent, Text, palette => (Color.Mix(palette.Accent, 0.88, palette.Text), Tint(palette))),
        new(PaletteColor.Accent, Edge, palette => (palette.Accent, palette.Surface)),
        new(PaletteColor.Surface, Text, palette => (Danger(palette), palette.Surface)),
        new(PaletteColor.Surface, Text, palette => (Danger(palette), Tint(palette))),
        new(PaletteColor.Surface, Edge, palette => (Success(palette), palette.Surface)),
    ];

    /// <summary>What cannot be read, one entry a colour, the worst of its pairs first.</summary>
    /// <param name="palette">The colours; one that is none is passed over, it is somebody else's to refuse.</param>
    /// <param name="isDark">Whether it is the palette on dark: the colours of problems and of success are others there.</param>
    public static IReadOnlyList<ContrastProblem> Find(BrandPalette palette, bool isDark)
    {
        ArgumentNullException.ThrowIfNull(palette);
        if (Parsed.TryParse(palette, isDark) is not { } parsed)
        {
            return [];
        }

        return
        [
            .. Pairs.Where(pair => pair.Ratio(parsed) < pair.Needed)
                .GroupBy(pair => pair.Blamed)
                .Select(pairs => new ContrastProblem(
                    pairs.Key,
                    Math.Round(pairs.Min(pair => pair.Ratio(parsed)), 2),
                    pairs.MinBy(pair => pair.Ratio(parsed) / pair.Needed)!.Needed,
                    NearestTo(parsed, pairs.Key)?.ToString()))
                .OrderBy(problem => problem.Ratio / problem.Needed),
        ];
    }

    /// <summary>
    /// The colour of the same hue, and nearest in lightness, with which every pair passes that blames it; an accent upon which the text can be read
    /// too, if there is one, so that mending the one does not leave the other.
    /// </summary>
    private static Color? NearestTo(Parsed palette, PaletteColor which) =>
        (which == PaletteColor.Accent
            ? NearestTo(palette, which, pair => pair.Blamed is PaletteColor.Accent or PaletteColor.OnAccent)
            : null)
        ?? NearestTo(palette, which, pair => pair.Blamed == which);

    private static Color? NearestTo(Parsed palette, PaletteColor which, Func<Pair, bool> mustPass)
    {
        var pairs = Pairs.Where(mustPass).ToList();
        var present = palette.Get(which);
        var lightness = present.Lightness;
        for (var distance = 1; distance <= 200; distance++)
        {
            foreach (var candidate in (double[])[lightness - (distance / 200.0), lightness + (distance / 200.0)])
            {
                if (candidate is < 0 or > 1)
                {
                    continue;
                }

                // Rounded as it will be written, so that what is offered passes when it comes back.
                _ = Color.TryParse(present.WithLightness(candidate).ToString(), out var color);
                var changed = palette.With(which, color);
                if (pairs.TrueForAll(pair => pair.Ratio(changed) >= pair.Needed))
                {
                    return color;
                }
            }
        }

        return null;
    }

    private static Color Tint(Parsed palette) => Color.Mix(palette.Accent, 0.09, palette.Surface);

    private static Color Danger(Parsed palette) => Fixed(palette.IsDark ? "#ffb0a8" : "#b3261e");

    private static Color Success(Parsed palette) => Fixed(palette.IsDark ? "#8fdcab" : "#1b6e3c");

    private static Color Fixed(string text) => Color.TryParse(text, out var color) ? color : throw new FormatException($"'{text}' is not a colour.");

    private sealed record Pair(PaletteColor Blamed, double Needed, Func<Parsed, (Color Above, Color Below)> Colors)
    {
        public double Ratio(Parsed palette)
        {
            var (above, below) = Colors(palette);
            return Color.Contrast(above, below);
        }
    }

    private sealed record Parsed(Color Accent, Color OnAccent, Color Canvas, Color Surface, Color Text, bool IsDark)
    {
        public static Parsed? TryParse(BrandPalette palette, bool isDark) =>
            Color.TryParse(palette.Accent, out var accent)
            && Color.TryParse(palette.OnAccent, out var onAccent)
            && Color.TryParse(palette.Canvas, out var canvas)
            && Color.TryParse(palette.Surface, out var surface)
            && Color.TryParse(palette.Text, out var text)
                ? new Parsed(accent, onAccent, canvas, surface, text, isDark)
                : null;

        public Color Get(PaletteColor which) => which switch
        {
            PaletteColor.Accent => Accent,
            PaletteColor.OnAccent => OnAccent,
            PaletteColor.Canvas => Canvas,
            PaletteColor.Surface => Surface,
            _ => Text,
        };

        public Parsed With(PaletteColor which, Color color) => which switch
        {
            PaletteColor.Accent => this with { Accent = color },
            PaletteColor.OnAccent => this with { OnAccent = color },
            PaletteColor.Canvas => this with { Canvas = color },
            PaletteColor.Surface => this with { Surface = color },
            _ => this with { Text = color },
        };
    }
}

/// <summary>The colours of a <see cref="BrandPalette"/>.</summary>
public enum PaletteColor
{
    /// <summary>Buttons, links and focus.</summary>
    Accent = 0,

    /// <summary>Text on the accent.</summary>
    OnAccent = 1,

    /// <summary>The page behind the card.</summary>
    Canvas = 2,

    /// <summary>The card.</summary>
    Surface = 3,

    /// <summary>Text.</summary>
    Text = 4,
}

/// <summary>A colour with which something cannot be read.</summary>
/// <param name="Color">Which.</param>
/// <param name="Ratio">The contrast that there is, rounded to hundredths.</param>
/// <param name="Needed">The contrast that there must be.</param>
/// <param name="Suggestion">The nearest colour that passes, as <c>#rrggbb</c>; <see langword="null"/> where none of this hue does.</param>
public sealed record ContrastProblem(PaletteColor Color, double Ratio, double Needed, string? Suggestion);
