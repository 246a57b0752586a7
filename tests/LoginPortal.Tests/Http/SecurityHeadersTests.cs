using System.Net;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Tests.Http;

/// <summary>The headers that every answer has, whatever went right or wrong.</summary>
public sealed class SecurityHeadersTests(SecurityHeadersTests.Fixture fixture) : IClassFixture<SecurityHeadersTests.Fixture>
{
    public sealed class Fixture : PortalFixture
    {
        internal override PortalSettings Settings => new() { Services = TestStartup.AddTo };
    }

    [Theory]
    [InlineData("/", HttpStatusCode.OK)]
    [InlineData("/t/acme/sign-in", HttpStatusCode.OK)]
    [InlineData("/t/acme/", HttpStatusCode.Redirect)]
    [InlineData("/t/acme", HttpStatusCode.TemporaryRedirect)]
    [InlineData("/t/acme/nothing", HttpStatusCode.NotFound)]
    [InlineData("/t/nobody/sign-in", HttpStatusCode.NotFound)]
    [InlineData("/nothing.css", HttpStatusCode.NotFound)]
    [InlineData("/t/acme/_blazor", HttpStatusCode.Forbidden)]
    [InlineData("/t/acme/test/fails", HttpStatusCode.InternalServerError)]
    [InlineData("/js/portal.js", HttpStatusCode.OK)]
    [InlineData("/health/live", HttpStatusCode.OK)]
    public async Task Answer_ToAGet_HasTheSecurityHeaders(string address, HttpStatusCode status)
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.GetAsync(address, follow: false);

        Assert.Equal(status, page.Status);
        AssertProtected(page);
    }

    [Fact]
    public async Task Answer_ToAnUnknownHost_HasTheSecurityHeaders()
    {
        using var browser = fixture.Portal.OpenBrowser("https://elsewhere.example");

        var page = await browser.GetAsync("/t/acme/sign-in");

        Assert.Equal(HttpStatusCode.MisdirectedRequest, page.Status);
        AssertProtected(page);
    }

    [Fact]
    public async Task Answer_ToTheHubFromItsOwnOriginWithoutAWebSocket_HasTheSecurityHeaders()
    {
        using var browser = fixture.Portal.OpenBrowser();
        browser.Headers["Origin"] = "https://localhost";

        var page = await browser.GetAsync("/t/acme/_blazor");

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
        AssertProtected(page);
    }

    [Fact]
    public async Task Answer_ToAStalePost_HasTheSecurityHeaders()
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.PostAsync(new FormPost(new Uri("https://localhost/t/acme/session/sign-out"), []), follow: false);

        Assert.Equal(HttpStatusCode.SeeOther, page.Status);
        AssertProtected(page);
    }

    [Fact]
    public async Task BrandAsset_OpenedOnItsOwn_IsSandboxed()
    {
        using var browser = fixture.Portal.OpenBrowser();
        var logo = (await browser.GetAsync("/t/acme/sign-in")).Document.QuerySelector(".brand-logo")!.GetAttribute("src");

        var page = await browser.GetAsync("/t/acme/" + logo);

        Assert.Equal("image/svg+xml", page.Header("Content-Type"));
        Assert.Equal("default-src 'none'; style-src 'unsafe-inline'; sandbox", page.Header("Content-Security-Policy"));
        AssertProtected(page, hasOwnPolicy: true);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/t/acme/sign-in")]
    [InlineData("/t/globex/sign-in")]
    [InlineData("/t/acme/nothing")]
    [InlineData("/t/acme/test/fails")]
    public async Task Page_Markup_HasNothingThatThePolicyForbids(string address)
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.GetAsync(address);

        Assert.Empty(page.Document.QuerySelectorAll("style, [style], script:not([src]), object, embed, iframe"));
        Assert.DoesNotContain(
            page.Document.All.SelectMany(element => element.Attributes),
            attribute => attribute.Name.StartsWith("on", StringComparison.Ordinal)
                || attribute.Value.StartsWith("javascript:", StringComparison.OrdinalIgnoreCase));
        Assert.All(
            page.Document.QuerySelectorAll("script[src], link[href], img[src]"),
            element => Assert.DoesNotContain("//", element.GetAttribute("src") ?? element.GetAttribute("href")!, StringComparison.Ordinal));
    }

    internal static void AssertProtected(Page page, bool hasOwnPolicy = false)
    {
        var policy = page.Header("Content-Security-Policy")!.Split("; ").ToDictionary(directive => directive.Split(' ')[0]);
        Assert.Equal("default-src 'none'", policy["default-src"]);
        if (!hasOwnPolicy)
        {
            Assert.Equal("script-src 'self'", policy["script-src"]);
            Assert.Equal("style-src 'self'", policy["style-src"]);
            Assert.Equal("connect-src 'self'", policy["connect-src"]);
            Assert.Equal("form-action 'self'", policy["form-action"]);
            Assert.Equal("base-uri 'self'", policy["base-uri"]);
            Assert.Equal("frame-ancestors 'none'", policy["frame-ancestors"]);
            Assert.DoesNotContain("unsafe", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        }

        Assert.Equal("nosniff", page.Header("X-Content-Type-Options"));
        Assert.Equal("DENY", page.Header("X-Frame-Options"));
        Assert.Equal("no-referrer", page.Header("Referrer-Policy"));
        Assert.Equal("same-origin", page.Header("Cross-Origin-Opener-Policy"));
        Assert.Equal("same-origin", page.Header("Cross-Origin-Resource-Policy"));
        Assert.Contains("camera=()", page.Header("Permissions-Policy"), StringComparison.Ordinal);
        Assert.Null(page.Header("Server"));
        Assert.Null(page.Header("X-Powered-By"));
    }
}
