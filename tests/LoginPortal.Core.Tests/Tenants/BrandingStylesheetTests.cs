using System.Globalization;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Tests.Tenants;

public sealed class BrandingStylesheetTests
{
    private static readonly BrandPalette Palette = new("#010203", "#A0B0C0", "#abcdef", "#ABCDEF", "#000000");

    [Fact]
    public void Write_LightScheme_HoldsTheLightColoursOnly()
    {
        var css = BrandingStylesheet.Write(new Branding { ColorScheme = ColorScheme.Light, Light = Palette, CornerRadius = 12 });

        Assert.Contains(":root{--accent:#010203;--on-accent:#A0B0C0;--canvas:#abcdef;--surface:#ABCDEF;--text:#000000}", css, StringComparison.Ordinal);
        Assert.Contains("--radius:12px;", css, StringComparison.Ordinal);
        Assert.Contains("color-scheme:light}", css, StringComparison.Ordinal);
        Assert.DoesNotContain(Branding.Default.Dark.Accent, css, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_DarkScheme_HoldsTheDarkColoursOnly()
    {
        var css = BrandingStylesheet.Write(new Branding { ColorScheme = ColorScheme.Dark, Dark = Palette });

        Assert.Contains("--accent:#010203;", css, StringComparison.Ordinal);
        Assert.Contains("color-scheme:dark}", css, StringComparison.Ordinal);
        Assert.DoesNotContain(Branding.Default.Light.Accent, css, StringComparison.Ordinal);
    }

    [Fact]
    public void Write_AutoScheme_HoldsTheDarkColoursInAMediaQuery()
    {
        var css = BrandingStylesheet.Write(new Branding { Dark = Palette });

        var query = css.IndexOf("@media (prefers-color-scheme:dark){", StringComparison.Ordinal);
        Assert.InRange(css.IndexOf(Branding.Default.Light.Accent, StringComparison.Ordinal), 0, query);
        Assert.True(css.IndexOf("#010203", StringComparison.Ordinal) > query);
        Assert.Equal(css.Count(c => c == '{'), css.Count(c => c == '}'));
    }

    [Theory]
    [InlineData("")]
    [InlineData("red")]
    [InlineData("#fff")]
    [InlineData("#fffffff")]
    [InlineData("#ggffff")]
    [InlineData("#ffffff ")]
    [InlineData(" #ffffff")]
    [InlineData("#fff\u0660ff")]
    [InlineData("#fff;}*")]
    [InlineData("rgb(0,0,0)")]
    [InlineData("url(//evil.example)")]
    [InlineData("</style><script>")]
    [InlineData("#12345\n")]
    public void Write_AnythingButAColour_IsRefusedWhereverItStands(string value)
    {
        Assert.False(BrandingStylesheet.IsColor(value));
        foreach (var palette in (BrandPalette[])
            [
                Palette with { Accent = value }, Palette with { OnAccent = value }, Palette with { Canvas = value },
                Palette with { Surface = value }, Palette with { Text = value },
            ])
        {
            Assert.Throws<FormatException>(() => BrandingStylesheet.Write(new Branding { Light = palette }));
            Assert.Throws<FormatException>(() => BrandingStylesheet.Write(new Branding { Dark = palette }));
        }
    }

    [Fact]
    public void IsColor_Null_IsNone() => Assert.False(BrandingStylesheet.IsColor(null));

    [Theory]
    [InlineData(-5, "--radius:0px;")]
    [InlineData(0, "--radius:0px;")]
    [InlineData(32, "--radius:32px;")]
    [InlineData(int.MaxValue, "--radius:32px;")]
    public void Write_CornerRadius_IsKeptWithinItsBounds(int radius, string expected) =>
        Assert.Contains(expected, BrandingStylesheet.Write(new Branding { CornerRadius = radius }), StringComparison.Ordinal);

    [Fact]
    public void Write_AnyCulture_IsTheSame()
    {
        var (previous, expected) = (CultureInfo.CurrentCulture, BrandingStylesheet.Write(new Branding { CornerRadius = -1 }));
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("ar-EG");
            Assert.Equal(expected, BrandingStylesheet.Write(new Branding { CornerRadius = -1 }));
        }
        finally
        {
            CultureInfo.CurrentCulture = previous;
        }
    }

    [Fact]
    public void Write_EveryFont_EndsWithAGenericFamily()
    {
        foreach (var font in Enum.GetValues<FontStack>())
        {
            var css = BrandingStylesheet.Write(new Branding { Font = font });
            Assert.Matches("--font:[A-Za-z0-9 ,'-]+,(sans-serif|serif|monospace)}", css);
        }
    }
}
