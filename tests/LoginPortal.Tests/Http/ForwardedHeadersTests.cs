using System.Net;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Tests.Http;

/// <summary>Whose word is taken for where a request came from.</summary>
public sealed class ForwardedHeadersTests : PortalTests
{
    private const string Peer = "198.51.100.7";
    private const string Pretended = "203.0.113.99";

    [Theory]
    [InlineData(null, Peer, Peer)]
    [InlineData("10.0.0.0/8", Peer, Peer)]
    [InlineData("10.0.0.0/8", "10.1.2.3", Pretended)]
    [InlineData(Peer, Peer, Pretended)]
    [InlineData("198.51.100.8", Peer, Peer)]
    [InlineData("2001:db8::/32", "2001:db8::1", Pretended)]
    public async Task ForwardedFor_ByTheTrustOfThePeer_IsBelievedOrNot(string? trusted, string peer, string expected)
    {
        using var browser = OpenBrowser(trusted, peer, out var portal);

        await browser.SignInAsync();

        await portal.InTenantAsync("acme", async database =>
            Assert.Equal(expected, (await database.Sessions.AsNoTracking().SingleAsync()).IpAddress));
    }

    [Theory]
    [InlineData(null, Peer, HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.0/8", Peer, HttpStatusCode.Forbidden)]
    [InlineData("10.0.0.0/8", "10.1.2.3", HttpStatusCode.BadRequest)]
    public async Task ForwardedProto_ByTheTrustOfThePeer_IsBelievedOrNot(string? trusted, string peer, HttpStatusCode expected)
    {
        using var browser = OpenBrowser(trusted, peer, out _);

        // The hub compares the page's origin with the request's scheme: past that, it only misses the WebSocket.
        browser.Headers["X-Forwarded-Proto"] = "https";
        browser.Headers["Origin"] = "https://localhost";
        var page = await browser.GetAsync("/t/acme/_blazor");

        Assert.Equal(expected, page.Status);
    }

    private Browser OpenBrowser(string? trusted, string peer, out Portal portal)
    {
        portal = Start(new PortalSettings
        {
            Services = TestStartup.AddTo,
            Configuration = trusted is null ? [] : new Dictionary<string, string?> { ["Portal:TrustedProxies:0"] = trusted },
        });
        var browser = portal.OpenBrowser("http://localhost");
        browser.Headers[TestStartup.PeerHeader] = peer;
        browser.Headers["X-Forwarded-For"] = Pretended;
        return browser;
    }
}
