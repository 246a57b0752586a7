using LoginPortal.Core.Tenants;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Tests.Texts;

/// <summary>Which language a page is in, and whose words.</summary>
public sealed class LanguageTests(PortalFixture fixture) : PortalTests, IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData("de", "de")]
    [InlineData("de-CH", "de")]
    [InlineData("DE", "de")]
    [InlineData("fr de en", "de")]
    [InlineData("fr", "en")]
    [InlineData("", "en")]
    public async Task UiLocales_InTheAddress_ChoosesTheFirstThatIsOffered(string asked, string expected)
    {
        using var browser = fixture.Portal.OpenBrowser();

        AssertIn(expected, await browser.GetAsync("/t/acme/sign-in?ui_locales=" + Uri.EscapeDataString(asked)));
    }

    [Fact]
    public async Task UiLocales_OnceChosen_StaysInTheBrowserForEveryTenant()
    {
        using var browser = fixture.Portal.OpenBrowser();
        await browser.GetAsync("/t/acme/sign-in?ui_locales=de");

        AssertIn("de", await browser.GetAsync("/t/acme/sign-in"));
        AssertIn("de", await browser.GetAsync("/t/globex/sign-in"));
        AssertIn("de", await browser.GetAsync("/"));
    }

    [Theory]
    [InlineData("de", "de")]
    [InlineData("de-AT", "de")]
    [InlineData("fr, de;q=0.5", "de")]
    [InlineData("de;q=0.1, en;q=0.9", "en")]
    [InlineData("fr, it", "en")]
    [InlineData(null, "en")]
    public async Task AcceptLanguage_OfTheBrowser_ChoosesByItsWeights(string? header, string expected)
    {
        using var browser = fixture.Portal.OpenBrowser();
        if (header is not null)
        {
            browser.Headers["Accept-Language"] = header;
        }

        AssertIn(expected, await browser.GetAsync("/t/acme/sign-in"));
    }

    [Fact]
    public async Task Sources_InTheirOrder_EachOverrulesTheNext()
    {
        var portal = Start();
        await portal.AddUserAsync("acme", "german@acme.example", user => user.Language = "de");
        using var browser = portal.OpenBrowser();
        browser.Headers["Accept-Language"] = "en";

        // The person's own setting over the browser's.
        AssertIn("en", await browser.GetAsync("/t/acme/sign-in"));
        AssertIn("de", await browser.SignInAsync(address: "german@acme.example"));

        // What was chosen in this browser over that, and what the address asks for over all.
        browser.Cookies["__Host-portal.language"] = "en";
        AssertIn("en", await browser.GetAsync("/t/acme/"));
        AssertIn("de", await browser.GetAsync("/t/acme/?ui_locales=de"));
        AssertIn("de", await browser.GetAsync("/t/acme/"));
    }

    [Theory]
    [InlineData(new[] { "de", "en" }, null, "de")]
    [InlineData(new[] { "de", "en" }, "en", "en")]
    [InlineData(new[] { "de" }, "en", "de")]
    [InlineData(new[] { "fr", "de" }, "en", "de")]
    [InlineData(new[] { "fr" }, null, "en")]
    [InlineData(new string[0], null, "en")]
    public async Task Tenant_WithItsOwnLanguages_IsShownInThemAlone(string[] languages, string? accepted, string expected)
    {
        var portal = Start();
        await portal.InTenantAsync("acme", database => database.Tenants.Where(tenant => tenant.Slug == "acme")
            .ExecuteUpdateAsync(update => update.SetProperty(tenant => tenant.Policy, new TenantPolicy { Languages = languages })));
        using var browser = portal.OpenBrowser();
        if (accepted is not null)
        {
            browser.Headers["Accept-Language"] = accepted;
        }

        var page = await browser.GetAsync("/t/acme/sign-in");

        AssertIn(expected, page);
        Assert.Equal(languages is ["de", "en"] || languages.Length == 0 || languages is ["fr"], page.Has("footer nav"));
    }

    [Theory]
    [InlineData("en", "Welcome to Acme", "Sign in")]
    [InlineData("de", "Willkommen bei Acme", "Anmelden")]
    public async Task Words_OfATenant_OverrideThePortalsInTheirLanguage(string language, string acme, string globex)
    {
        using var browser = fixture.Portal.OpenBrowser();

        Assert.Equal(acme, (await browser.GetAsync("/t/acme/sign-in?ui_locales=" + language)).Heading);
        Assert.Equal(globex, (await browser.GetAsync("/t/globex/sign-in")).Heading);
    }

    private static void AssertIn(string language, Page page)
    {
        Assert.Equal(language, page.Document.DocumentElement.GetAttribute("lang"));
        Assert.Equal(language, page.Header("Content-Language"));
        Assert.Equal(language == "de" ? "Zum Inhalt springen" : "Skip to content", page.Text(".skip-link"));
    }
}
