using System.Net;
using LoginPortal.Tests.Hosts;
using Microsoft.Net.Http.Headers;

namespace LoginPortal.Tests.Http;

/// <summary>Each cookie that the portal ever sets.</summary>
public sealed class CookieTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData("https://localhost")]
    [InlineData("http://localhost")]
    public async Task Cookies_OfAVisitFromTheFirstPageToSigningOut_AreForThisHostAloneAndOutOfReachOfScripts(string origin)
    {
        using var browser = fixture.Portal.OpenBrowser(origin);
        await browser.GetAsync("/t/acme/sign-in?ui_locales=de");
        await browser.SignInAsync(remember: true);
        var home = await browser.GetAsync("/t/acme/");
        await browser.PostAsync(home.Form());
        await browser.GetAsync("/t/platform/setup?token=nonsense");

        var cookies = browser.Responses.SelectMany(CookieJar.Of).ToList();

        Assert.All(cookies, cookie =>
        {
            Assert.StartsWith("__Host-portal.", cookie.Name.ToString(), StringComparison.Ordinal);
            Assert.True(cookie.Secure, cookie.ToString());
            Assert.True(cookie.HttpOnly, cookie.ToString());
            Assert.Equal("/", cookie.Path.ToString());
            Assert.False(cookie.Domain.HasValue, cookie.ToString());
            Assert.True(cookie.SameSite is SameSiteMode.Lax or SameSiteMode.Strict, cookie.ToString());
        });
        Assert.Equal(
            ["antiforgery", "browser.acme", "browser.platform", "language", "link-setup.platform", "session.acme"],
            cookies.Select(cookie => cookie.Name.ToString()["__Host-portal.".Length..]).Distinct().Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task SessionCookie_NotRemembered_EndsWithTheBrowser()
    {
        using var browser = fixture.Portal.OpenBrowser();

        await browser.SignInAsync();

        var session = SessionCookieOf(browser);
        Assert.Null(session.Expires);
        Assert.Null(session.MaxAge);
    }

    [Fact]
    public async Task SessionCookie_Remembered_LastsThirtyDays()
    {
        using var browser = fixture.Portal.OpenBrowser();

        await browser.SignInAsync(remember: true);

        Assert.InRange(SessionCookieOf(browser).Expires!.Value, TimeProvider.System.GetUtcNow().AddDays(29), TimeProvider.System.GetUtcNow().AddDays(31));
    }

    [Fact]
    public async Task SessionCookie_Value_SaysNothingOfThePerson()
    {
        using var browser = fixture.Portal.OpenBrowser();
        using var other = fixture.Portal.OpenBrowser();

        await browser.SignInAsync();
        await other.SignInAsync();

        var value = Uri.UnescapeDataString(browser.Cookies.Single("__Host-portal.session"));
        Assert.DoesNotContain("acme", value, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(value, Uri.UnescapeDataString(other.Cookies.Single("__Host-portal.session")));
    }

    [Fact]
    public async Task SignedIn_Page_CarriesNoSessionSecret()
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.SignInAsync();

        Assert.Equal(HttpStatusCode.OK, page.Status);
        Assert.DoesNotContain(browser.Cookies.Single("__Host-portal.session"), page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain(browser.Cookies.Single("__Host-portal.browser"), page.Body, StringComparison.Ordinal);
    }

    private static SetCookieHeaderValue SessionCookieOf(Browser browser) =>
        browser.Responses.SelectMany(CookieJar.Of).Single(cookie => cookie.Name.StartsWith("__Host-portal.session", StringComparison.Ordinal));
}
