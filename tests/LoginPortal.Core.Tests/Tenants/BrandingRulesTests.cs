using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Tests.Tenants;

public sealed class BrandingRulesTests
{
    private static readonly string Picture = new('a', 64);
    private static readonly string Font = new('b', 64);

    private static readonly Dictionary<string, string> Assets = new(StringComparer.Ordinal)
    {
        [Picture] = "image/png", [Font] = "font/woff2",
    };

    [Fact]
    public void Find_InThePortalsOwnLookAndInAFullOne_FindsNothing()
    {
        Assert.Empty(BrandingRules.Find(Branding.Default, Assets));
        Assert.Empty(BrandingRules.Find(
            Branding.Default with
            {
                LogoLight = Picture, LogoDark = Picture, Favicon = Picture, FontFile = Font,
                Background = new BrandBackground { Kind = BackgroundKind.Picture, Picture = Picture, FocalX = 0, FocalY = 100 },
                Texts = Texts("de", "SignIn.Welcome", "Schön, dass Sie da sind"),
                MailFooter = new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = "Acme Ltd\n1 Road" },
                SenderName = "Acme", TermsLink = new Uri("https://acme.example/terms"), SupportLink = new Uri("mailto:help@acme.example"),
                CustomStyles = ".card { box-shadow: none }",
            },
            Assets));
    }

    public static TheoryData<string, BrandingProblemKind, Func<Branding, Branding>> Wrong => new()
    {
        { "light.accent", BrandingProblemKind.Color, b => b with { Light = b.Light with { Accent = "red;}" } } },
        { "dark.text", BrandingProblemKind.Contrast, b => b with { Dark = b.Dark with { Text = "#222222" } } },
        { "background.light", BrandingProblemKind.Contrast, b => b with { Background = new BrandBackground { Light = "#222222" } } },
        { "background.dark", BrandingProblemKind.Color, b => b with { Background = new BrandBackground { Dark = "url(x)" } } },
        { "background.picture", BrandingProblemKind.Missing, b => b with { Background = new BrandBackground { Kind = BackgroundKind.Picture } } },
        { "background.angle", BrandingProblemKind.OutOfRange, b => b with { Background = new BrandBackground { Angle = 361 } } },
        { "background.focalX", BrandingProblemKind.OutOfRange, b => b with { Background = new BrandBackground { FocalX = -1 } } },
        { "cornerRadius", BrandingProblemKind.OutOfRange, b => b with { CornerRadius = 33 } },
        { "layout", BrandingProblemKind.OutOfRange, b => b with { Layout = (PageLayout)9 } },
        { "logoLight", BrandingProblemKind.Asset, b => b with { LogoLight = new string('c', 64) } },
        { "logoDark", BrandingProblemKind.Asset, b => b with { LogoDark = Font } },
        { "fontFile", BrandingProblemKind.Asset, b => b with { FontFile = Picture } },
        { "texts.fr", BrandingProblemKind.Language, b => b with { Texts = Texts("fr", "SignIn.Welcome", "Bonjour") } },
        { "texts.en.No.Such", BrandingProblemKind.TextKey, b => b with { Texts = Texts("en", "No.Such", "x") } },
        { "texts.en.Administration.Title", BrandingProblemKind.TextKey, b => b with { Texts = Texts("en", "Administration.Title", "x") } },
        { "texts.en.Home.Greeting", BrandingProblemKind.Placeholders, b => b with { Texts = Texts("en", "Home.Greeting", "Hello {1}") } },
        { "texts.en.Home.Greeting", BrandingProblemKind.Placeholders, b => b with { Texts = Texts("en", "Home.Greeting", "Hello {") } },
        { "texts.en.Home.Title", BrandingProblemKind.TooLong, b => b with { Texts = Texts("en", "Home.Title", new string('x', 601)) } },
        { "texts.en.Home.Title", BrandingProblemKind.Characters, b => b with { Texts = Texts("en", "Home.Title", "a\u202Eb") } },
        { "senderName", BrandingProblemKind.Characters, b => b with { SenderName = "Acme\r\nBcc: x" } },
        { "mailFooter.en", BrandingProblemKind.Missing, b => b with { MailFooter = new Dictionary<string, string>(StringComparer.Ordinal) { ["en"] = " " } } },
        { "termsLink", BrandingProblemKind.Link, b => b with { TermsLink = new Uri("javascript:alert(1)") } },
        { "privacyLink", BrandingProblemKind.Link, b => b with { PrivacyLink = new Uri("/privacy", UriKind.Relative) } },
        { "supportLink", BrandingProblemKind.Link, b => b with { SupportLink = new Uri("http://acme.example") } },
        { "customStyles", BrandingProblemKind.Styles, b => b with { CustomStyles = "body{}" } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void Find_InSomethingWrong_SaysWhereAndWhat(string path, BrandingProblemKind kind, Func<Branding, Branding> change)
    {
        ArgumentNullException.ThrowIfNull(change);

        Assert.Contains(BrandingRules.Find(change(Branding.Default), Assets), problem => problem.Path == path && problem.Kind == kind);
    }

    [Fact]
    public void Find_InPaletteThatNobodySees_LooksAtItsFormOnly() => Assert.Empty(BrandingRules.Find(
        Branding.Default with { ColorScheme = ColorScheme.Light, Dark = new BrandPalette("#000000", "#000000", "#000000", "#000000", "#000000") }, Assets));

    private static Dictionary<string, IReadOnlyDictionary<string, string>> Texts(string language, string key, string text) => new(StringComparer.Ordinal)
    {
        [language] = new Dictionary<string, string>(StringComparer.Ordinal) { [key] = text },
    };
}
