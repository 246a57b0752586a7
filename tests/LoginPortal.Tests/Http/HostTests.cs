using System.Net;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Tests.Http;

/// <summary>Which hosts are served, and what a Host header can bring about.</summary>
public sealed class HostTests(PortalFixture fixture) : PortalTests, IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData("https://evil.example", "/")]
    [InlineData("https://evil.example", "/t/acme/sign-in")]
    [InlineData("https://localhost.evil.example", "/t/acme/sign-in")]
    [InlineData("https://127.0.0.1", "/t/acme/")]
    [InlineData("https://evil.example", "/nothing")]
    public async Task Request_ToAnUnknownHost_IsMisdirectedInPlainWords(string origin, string address)
    {
        using var browser = fixture.Portal.OpenBrowser(origin);

        var page = await browser.GetAsync(address);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, page.Status);
        Assert.Equal("text/plain; charset=utf-8", page.Header("Content-Type"));
        Assert.Contains("Portal:AdditionalHosts", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", page.Body, StringComparison.Ordinal);
        Assert.Empty(CookieJar.Of(page.Response));
    }

    [Fact]
    public async Task Request_ToAnAdditionalHost_IsServed()
    {
        var portal = Start(new PortalSettings { Configuration = new Dictionary<string, string?> { ["Portal:AdditionalHosts:0"] = "Login.Intranet" } });
        using var browser = portal.OpenBrowser("https://login.intranet");

        Assert.Equal("Hello, Uma User", (await browser.SignInAsync()).Heading);
    }

    [Theory]
    [InlineData("X-Forwarded-Host")]
    [InlineData("X-Original-Host")]
    [InlineData("X-Forwarded-Prefix")]
    [InlineData("X-Original-URL")]
    [InlineData("Forwarded")]
    public async Task Header_ThatNamesAnotherHost_EndsUpInNoLinkAndNoRedirect(string header)
    {
        using var browser = fixture.Portal.OpenBrowser();
        browser.Headers[header] = header == "Forwarded" ? "host=evil.example" : "evil.example";

        var pages = new[]
        {
            await browser.GetAsync("/t/acme/sign-in"),
            await browser.GetAsync("/t/acme", follow: false),
            await browser.GetAsync("/t/acme/", follow: false),
            await browser.GetAsync("/nothing"),
            await browser.SignInAsync(),
        };

        Assert.All(pages, page =>
        {
            Assert.DoesNotContain("evil.example", page.Body, StringComparison.OrdinalIgnoreCase);
            Assert.DoesNotContain(page.Headers, answer => answer.Value.Contains("evil.example", StringComparison.OrdinalIgnoreCase));
        });
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("https://localhost")]
    [InlineData("https://10.0.0.7:8443")]
    public async Task Health_UnderAnyHost_Answers(string origin)
    {
        using var browser = fixture.Portal.OpenBrowser(origin);

        var live = await browser.GetAsync("/health/live");
        var ready = await browser.GetAsync("/health/ready");

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (live.Status, ready.Status));
        Assert.Equal(("Healthy", "Healthy"), (live.Body, ready.Body));
    }
}
