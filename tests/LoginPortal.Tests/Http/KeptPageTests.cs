using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using LoginPortal.KeptPages;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Tests.Http;

/// <summary>A page that is kept is the page that would have been drawn, with each visitor's own in it.</summary>
public sealed partial class KeptPageTests : PortalTests
{
    private const string TokenField = "__RequestVerificationToken";

    /// <summary>A second parameter, which says nothing, has the page drawn.</summary>
    private const string Drawn = "x=";

    private Portal _portal = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start(new PortalSettings { Clock = Clock });
    }

    [Theory]
    [InlineData("acme", "en")]
    [InlineData("acme", "de")]
    [InlineData("globex", "en")]
    public async Task Page_Kept_IsTheOneThatIsDrawn(string tenant, string language)
    {
        using var browser = _portal.OpenBrowser();
        browser.Headers["Accept-Language"] = language;
        var address = $"/t/{tenant}/sign-in?returnUrl=account%3Fa%3D1%26b%3D%22%3E%3C%2Fa%3E%27";
        await browser.GetAsync(address);

        var kept = await browser.GetAsync(address);
        var drawn = await browser.GetAsync($"{address}&{Drawn}");

        Assert.Equal(WithoutSecrets(drawn).Replace($"&amp;{Drawn}", "", StringComparison.Ordinal), WithoutSecrets(kept));
        Assert.Equal(HeadersOf(drawn).Where(header => header != "blazor-enhanced-nav: allow"), HeadersOf(kept));
        Assert.Equal(kept.Response.Content.Headers.ContentLength, kept.Body.Length + kept.Body.Count(character => character > 127));
    }

    [Fact]
    public async Task Page_ForTwoVisitors_HasEachOnesTokenAndAddress()
    {
        using var one = _portal.OpenBrowser();
        using var other = _portal.OpenBrowser();

        var first = await one.GetAsync("/t/acme/sign-in?returnUrl=account%2Fsecurity");
        var second = await other.GetAsync("/t/acme/sign-in?returnUrl=%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E");

        Assert.Equal(CircuitOf(first), CircuitOf(second));
        Assert.Equal(HeadersOf(first).Select(NameOf), HeadersOf(second).Select(NameOf));
        Assert.NotEqual(first.Form("identify")[TokenField], second.Form("identify")[TokenField]);
        Assert.Contains("returnUrl=account%2Fsecurity", LanguageLinkOf(first), StringComparison.Ordinal);
        Assert.Contains("returnUrl=%22%3E%3Cscript%3Ealert", LanguageLinkOf(second), StringComparison.Ordinal);
        Assert.DoesNotContain("<script>alert", second.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(first.Form("identify")[TokenField]!, second.Body, StringComparison.Ordinal);
        Assert.Equal("Enter your password", (await other.PostAsync(second.Form("identify").With("username", "user@acme.example"))).Heading);
        Assert.Equal("Enter your password", (await one.PostAsync(first.Form("identify").With("username", "user@acme.example"))).Heading);
    }

    [Fact]
    public async Task Page_OfATenantThatChanged_IsDrawnAnewAtOnce()
    {
        using var browser = _portal.OpenBrowser();
        await browser.GetAsync("/t/acme/sign-in");

        for (var turn = 0; turn < 3; turn++)
        {
            var name = $"Acme {turn}";
            await _portal.InTenantAsync("acme", database => database.Tenants.Where(tenant => tenant.Slug == "acme")
                .ExecuteUpdateAsync(tenants => tenants.SetProperty(tenant => tenant.DisplayName, name)));

            Assert.Contains(name, (await browser.GetAsync("/t/acme/sign-in")).Text(".lead"), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Page_ForAMinute_IsKept()
    {
        using var browser = _portal.OpenBrowser();
        var first = CircuitOf(await browser.GetAsync("/t/acme/sign-in"));

        Clock.Advance(KeptPageStore.Lifetime - TimeSpan.FromSeconds(1));
        Assert.Equal(first, CircuitOf(await browser.GetAsync("/t/acme/sign-in")));

        Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.NotEqual(first, CircuitOf(await browser.GetAsync("/t/acme/sign-in")));
    }

    [Theory]
    [InlineData("?returnUrl=account&returnUrl=sign-in")]
    [InlineData("?returnUrl=")]
    [InlineData("?returnUrl=account&prompt=login")]
    [InlineData("?login_hint=user%40acme.example")]
    [InlineData("?ui_locales=de")]
    [InlineData("?flow=1")]
    [InlineData("?x=1")]
    public async Task Page_WithAnythingElseInTheAddress_IsDrawn(string query)
    {
        using var browser = _portal.OpenBrowser();
        using var other = _portal.OpenBrowser();
        var kept = CircuitOf(await browser.GetAsync("/t/acme/sign-in"));
        var keptWithReturnUrl = CircuitOf(await browser.GetAsync("/t/acme/sign-in?returnUrl=account"));

        Assert.DoesNotContain(CircuitOf(await other.GetAsync($"/t/acme/sign-in{query}")), new[] { kept, keptWithReturnUrl });
        Assert.Equal(kept, CircuitOf(await browser.GetAsync("/t/acme/sign-in")));
        Assert.Equal(keptWithReturnUrl, CircuitOf(await browser.GetAsync("/t/acme/sign-in?returnUrl=account%2Fsecurity")));
    }

    [Fact]
    public async Task Page_ForWhoeverHasASession_IsNotTheKeptOne()
    {
        using var browser = _portal.OpenBrowser();
        var kept = CircuitOf(await browser.GetAsync("/t/acme/sign-in"));
        await browser.SignInAsync();

        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/t/acme/sign-in", follow: false)).Status);
        Clock.Advance(TimeSpan.FromSeconds(1));
        using var stranger = _portal.OpenBrowser();
        Assert.Equal(kept, CircuitOf(await stranger.GetAsync("/t/acme/sign-in")));
        stranger.Headers["Cookie"] = "__Host-portal.session-2.acme=anything";
        Assert.NotEqual(kept, CircuitOf(await stranger.GetAsync("/t/acme/sign-in")));
    }

    private static string CircuitOf(Page page)
    {
        var start = page.Body.IndexOf("<!--Blazor:", StringComparison.Ordinal);
        return page.Body[start..page.Body.IndexOf("-->", start, StringComparison.Ordinal)];
    }

    private static string LanguageLinkOf(Page page) => page.Document.QuerySelector(".footer-links a[hreflang=de]")!.GetAttribute("href")!;

    /// <summary>The page with nothing in it that is another each time.</summary>
    private static string WithoutSecrets(Page page) =>
        Secrets().Replace(page.Body.Replace(page.Form("identify")[TokenField]!, "", StringComparison.Ordinal), "");

    private static string NameOf(string header) => header.Split(':')[0];

    private static IEnumerable<string> HeadersOf(Page page) => page.Headers
        .Where(header => header.Name is not ("Content-Length" or "Date"))
        .Select(header => string.Create(CultureInfo.InvariantCulture, $"{header.Name}: {header.Value}"))
        .Order(StringComparer.Ordinal);

    [GeneratedRegex("<!--Blazor.*?-->")]
    private static partial Regex Secrets();
}
