using System.Net;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Tests.Http;

/// <summary>While the configuration says that the portal is being worked on.</summary>
public sealed class MaintenanceTests(MaintenanceTests.Fixture fixture) : IClassFixture<MaintenanceTests.Fixture>
{
    public sealed class Fixture : PortalFixture
    {
        internal override PortalSettings Settings => new() { Configuration = new Dictionary<string, string?> { ["Portal:Maintenance"] = "true" } };
    }

    [Theory]
    [InlineData("GET", "/t/acme/sign-in")]
    [InlineData("GET", "/t/acme/")]
    [InlineData("GET", "/t/acme/nothing")]
    [InlineData("POST", "/t/acme/sign-in")]
    [InlineData("POST", "/t/acme/session/complete")]
    [InlineData("POST", "/t/acme/session/sign-out")]
    [InlineData("GET", "/t/acme/_blazor")]
    public async Task Page_OfATenant_IsUnavailableInTheLookOfTheTenant(string method, string address)
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(browser.Origin, address)), follow: false);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, page.Status);
        Assert.Equal("We will be back shortly", page.Heading);
        Assert.Equal("30", page.Header("Retry-After"));
        Assert.Equal("no-store", page.Header("Cache-Control"));
        Assert.Equal("Acme", page.Document.QuerySelector(".brand-logo")!.GetAttribute("alt"));
        SecurityHeadersTests.AssertProtected(page);
    }

    [Fact]
    public async Task Page_WithoutATenant_IsUnavailable()
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.GetAsync("/");

        Assert.Equal((HttpStatusCode.ServiceUnavailable, "We will be back shortly"), (page.Status, page.Heading));
    }

    [Fact]
    public async Task Page_InGerman_SaysItInGerman()
    {
        using var browser = fixture.Portal.OpenBrowser();
        browser.Headers["Accept-Language"] = "de";

        Assert.Equal("Wir sind gleich wieder da", (await browser.GetAsync("/t/acme/sign-in")).Heading);
    }

    [Fact]
    public async Task Files_ThatThePageNames_AreServed()
    {
        using var browser = fixture.Portal.OpenBrowser();
        var page = await browser.GetAsync("/t/acme/sign-in");
        var files = page.Document.QuerySelectorAll("link[href], script[src], img[src]")
            .Select(element => element.GetAttribute("src") ?? element.GetAttribute("href")!).ToList();

        Assert.True(files.Count >= 5, string.Join(", ", files));
        foreach (var file in files)
        {
            Assert.Equal((file, HttpStatusCode.OK), (file, (await browser.GetAsync("/t/acme/" + file)).Status));
        }
    }

    [Fact]
    public async Task Page_OffersNoCircuit()
    {
        using var browser = fixture.Portal.OpenBrowser();

        Assert.False((await browser.GetAsync("/t/acme/sign-in")).Has("script[src*='blazor.server']"));
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/health/ready")]
    public async Task Health_UnderMaintenance_Answers(string address)
    {
        using var browser = fixture.Portal.OpenBrowser("https://10.0.0.7");

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(address)).Status);
    }
}
