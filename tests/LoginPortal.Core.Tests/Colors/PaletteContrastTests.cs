using LoginPortal.Core.Colors;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Tests.Colors;

public sealed class PaletteContrastTests
{
    [Theory]
    [InlineData("#000000", "#ffffff", 21)]
    [InlineData("#777777", "#ffffff", 4.48)]
    [InlineData("#767676", "#ffffff", 4.54)]
    [InlineData("#ff0000", "#ffffff", 4.00)]
    public void Contrast_OfKnownPairs_IsThatOfWcag(string one, string other, double ratio) =>
        Assert.Equal(ratio, Color.Contrast(Parse(one), Parse(other)), 0.005);

    [Theory]
    [InlineData("#ff0000", 0.5, "#0000ff", "#8c53a2")]
    [InlineData("#000000", 0.72, "#ffffff", "#292929")]
    [InlineData("#3d5afe", 0.09, "#ffffff", "#ecf2ff")]
    [InlineData("#123456", 1, "#ffffff", "#123456")]
    public void Mix_InOkLab_IsWhatBrowsersMake(string one, double share, string other, string mixed) =>
        Assert.Equal(mixed, Color.Mix(Parse(one), share, Parse(other)).ToString());

    [Fact]
    public void Find_InThePortalsOwnPalettes_FindsNothing()
    {
        Assert.Empty(PaletteContrast.Find(Branding.Default.Light, isDark: false));
        Assert.Empty(PaletteContrast.Find(Branding.Default.Dark, isDark: true));
    }

    [Fact]
    public void Find_PaleAccent_OffersADarkerOneOfTheSameHueThatPasses()
    {
        var palette = Branding.Default.Light with { Accent = "#ffd400", OnAccent = "#111111" };

        var problem = Assert.Single(PaletteContrast.Find(palette, isDark: false), found => found.Color == PaletteColor.Accent);

        Assert.InRange(problem.Ratio, 1, 2);
        var mended = palette with { Accent = problem.Suggestion! };
        Assert.DoesNotContain(PaletteContrast.Find(mended, isDark: false), found => found.Color == PaletteColor.Accent);
        Assert.True(Parse(problem.Suggestion!) is { Blue: < 0.2, Red: > 0.3 });
    }

    [Fact]
    public void Find_WhiteOnPaleAccent_OffersADarkText() => Assert.Equal(
        PaletteColor.OnAccent,
        Assert.Single(PaletteContrast.Find(Branding.Default.Dark with { OnAccent = "#ffffff" }, isDark: true)).Color);

    [Fact]
    public void Find_EveryColorAtRandom_OffersWhatPasses()
    {
        var random = new Random(1);
        string Any() => $"#{random.Next(0x1000000):x6}";
        var offered = 0;
        for (var round = 0; round < 300; round++)
        {
            var palette = new BrandPalette(Any(), Any(), Any(), Any(), Any());
            foreach (var problem in PaletteContrast.Find(palette, isDark: round % 2 == 1).Where(found => found.Suggestion is not null))
            {
                offered++;
                var mended = problem.Color switch
                {
                    PaletteColor.Accent => palette with { Accent = problem.Suggestion! },
                    PaletteColor.OnAccent => palette with { OnAccent = problem.Suggestion! },
                    PaletteColor.Canvas => palette with { Canvas = problem.Suggestion! },
                    PaletteColor.Surface => palette with { Surface = problem.Suggestion! },
                    _ => palette with { Text = problem.Suggestion! },
                };
                Assert.DoesNotContain(PaletteContrast.Find(mended, isDark: round % 2 == 1), found => found.Color == problem.Color);
            }
        }

        Assert.True(offered > 300, $"{offered}");
    }

    private static Color Parse(string text)
    {
        Assert.True(Color.TryParse(text, out var color));
        return color;
    }
}
