using System.Net;
using System.Text.RegularExpressions;
using LoginPortal.Tests.Hosts;
using Microsoft.Extensions.Hosting;

namespace LoginPortal.Tests.Http;

/// <summary>What may be kept by browsers and proxies, and what must not.</summary>
public sealed partial class CachingTests(PortalFixture fixture) : PortalTests, IClassFixture<PortalFixture>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/t/acme/sign-in")]
    [InlineData("/t/acme/")]
    [InlineData("/t/acme")]
    [InlineData("/t/acme/nothing")]
    [InlineData("/t/acme/brand/00000000-0000-0000-0000-000000000001.css")]
    public async Task Answer_WithPersonalOrPassingContent_IsNotStored(string address)
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.GetAsync(address, follow: false);

        Assert.Equal("no-store", page.Header("Cache-Control"));
    }

    [Fact]
    public async Task Page_FilesThatItNames_AreFingerprintedAndCachedForGood()
    {
        // Unless told so, a portal that was built but not published serves files as they are being edited, and uncached.
        using var browser = Start(new PortalSettings
        {
            Configuration = new Dictionary<string, string?>
            {
                ["ReloadStaticAssetsAtRuntime"] = "false",
                ["EnableStaticAssetsDevelopmentCaching"] = "true",
            },
        }).OpenBrowser();
        var page = await browser.GetAsync("/t/acme/sign-in");
        var files = page.Document.QuerySelectorAll("link[href]").Select(link => link.GetAttribute("href")!)
            .Concat(page.Document.QuerySelectorAll("script[src], img[src]").Select(element => element.GetAttribute("src")!))
            .ToList();

        Assert.True(files.Count >= 6, string.Join(", ", files));
        foreach (var file in files)
        {
            Assert.Matches(Fingerprinted(), file);
            var answer = await browser.GetAsync("/t/acme/" + file);
            Assert.Equal(HttpStatusCode.OK, answer.Status);
            Assert.Equal((file, true), (file, answer.Header("Cache-Control")!.Contains("max-age=31536000, immutable", StringComparison.Ordinal)));
            Assert.Empty(CookieJar.Of(answer.Response));
        }
    }

    [Theory]
    [InlineData("Production", "max-age=31536000; includeSubDomains")]
    [InlineData("Development", null)]
    public async Task StrictTransportSecurity_ByEnvironment_IsForProductionAlone(string environment, string? expected)
    {
        var portal = Start(new PortalSettings { Environment = environment, PublicOrigin = "https://login.example.com" });
        using var browser = portal.OpenBrowser("https://login.example.com");

        var answers = new[] { await browser.GetAsync("/"), await browser.GetAsync("/t/nobody/"), await browser.GetAsync("/health/live") };

        Assert.All(answers, answer => Assert.Equal(expected, answer.Header("Strict-Transport-Security")));
        Assert.Equal(environment, portal.Services.GetService(typeof(IHostEnvironment)) is IHostEnvironment host ? host.EnvironmentName : null);
    }

    [GeneratedRegex(@"\.[a-z0-9]{10}\.(css|js|svg)$|^brand/[0-9a-f-]{36}\.css$|^brand/assets/[0-9a-f]{64}$")]
    private static partial Regex Fingerprinted();
}
