using System.Net;
using System.Net.WebSockets;
using LoginPortal.Circuits;
using LoginPortal.Tests.Hosts;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Tests.Http;

/// <summary>The door to the circuits: WebSockets from the portal's own pages, and no more than there is room for.</summary>
public sealed class CircuitHubTests(NetworkPortalFixture fixture) : PortalTests, IClassFixture<NetworkPortalFixture>
{
    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost.evil.example")]
    [InlineData("null")]
    [InlineData("")]
    [InlineData(null)]
    public async Task Hub_FromAForeignOriginOrNone_IsForbidden(string? origin)
    {
        var answer = await ConnectAsync(fixture.Portal, origin);

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task Hub_OfTheSameOriginOverAnotherScheme_IsForbidden()
    {
        var answer = await ConnectAsync(fixture.Portal, new UriBuilder(fixture.Portal.Origin) { Scheme = "https" }.Uri.GetLeftPart(UriPartial.Authority));

        Assert.Equal(HttpStatusCode.Forbidden, answer.Status);
    }

    [Fact]
    public async Task Hub_FromItsOwnOrigin_IsConnected()
    {
        var answer = await ConnectAsync(fixture.Portal, OriginOf(fixture.Portal));

        Assert.Equal(HttpStatusCode.SwitchingProtocols, answer.Status);
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Hub_WithoutAWebSocket_IsABadRequest(string method)
    {
        using var browser = fixture.Portal.OpenBrowser();
        browser.Headers["Origin"] = OriginOf(fixture.Portal);

        var page = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(browser.Origin, "/t/acme/_blazor")), follow: false);

        Assert.Equal(HttpStatusCode.BadRequest, page.Status);
    }

    [Theory]
    [InlineData("/t/acme/_blazor/negotiate")]
    [InlineData("/t/acme/_blazor/negotiate?negotiateVersion=1")]
    [InlineData("/t/acme/_BLAZOR/negotiate")]
    [InlineData("/t/acme/_blazor/NEGOTIATE")]
    [InlineData("/t/acme/_blazor/negotiate/")]
    public async Task Negotiate_AnyTransport_IsNotFound(string address)
    {
        using var browser = fixture.Portal.OpenBrowser();
        browser.Headers["Origin"] = OriginOf(fixture.Portal);

        var page = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, new Uri(browser.Origin, address)), follow: false);

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
    }

    [Fact]
    public async Task Hub_WithoutATenant_IsNotFound()
    {
        var answer = await ConnectAsync(fixture.Portal, OriginOf(fixture.Portal), "/_blazor");

        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
    }

    [Theory]
    [InlineData("Portal:MaximumCircuits")]
    [InlineData("Portal:MaximumCircuitsPerAddress")]
    public async Task Hub_WhenFull_IsUnavailableUntilAPlaceIsFree(string limit)
    {
        var portal = Start(new PortalSettings { OnNetwork = true, Configuration = new Dictionary<string, string?> { [limit] = "1" } });
        var gate = portal.Services.GetRequiredService<CircuitGate>();
        using var browser = portal.OpenBrowser();
        using (var first = NewSocket(OriginOf(portal)))
        {
            await first.ConnectAsync(AddressOf(portal), CancellationToken.None);
            Assert.Equal(1, gate.Count);

            var refused = await ConnectAsync(portal, OriginOf(portal));
            Assert.Equal((HttpStatusCode.ServiceUnavailable, "30"), (refused.Status, refused.RetryAfter));
            Assert.False((await browser.GetAsync("/t/acme/sign-in")).Has("script[src*='blazor.server']"));
            Assert.Equal(1, gate.Count);
        }

        Assert.True(SpinWait.SpinUntil(() => gate.Count == 0, TimeSpan.FromSeconds(20)));
        Assert.True((await browser.GetAsync("/t/acme/sign-in")).Has("script[src*='blazor.server']"));
        Assert.Equal(HttpStatusCode.SwitchingProtocols, (await ConnectAsync(portal, OriginOf(portal))).Status);
    }

    [Fact]
    public async Task Page_WithoutRoomForCircuits_StillSignsIn()
    {
        var portal = Start(new PortalSettings { Configuration = new Dictionary<string, string?> { ["Portal:MaximumCircuits"] = "0" } });
        using var browser = portal.OpenBrowser();

        Assert.Equal("Hello, Uma User", (await browser.SignInAsync()).Heading);
    }

    private static string OriginOf(Portal portal) => portal.Origin.GetLeftPart(UriPartial.Authority);

    private static Uri AddressOf(Portal portal, string path = "/t/acme/_blazor") => new UriBuilder(portal.Origin) { Scheme = "ws", Path = path }.Uri;

    private static ClientWebSocket NewSocket(string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.Proxy = null;
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }

        return socket;
    }

    private static async Task<(HttpStatusCode Status, string? RetryAfter)> ConnectAsync(Portal portal, string? origin, string path = "/t/acme/_blazor")
    {
        using var socket = NewSocket(origin);
        try
        {
            await socket.ConnectAsync(AddressOf(portal, path), CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // The status tells why.
        }

        return (socket.HttpStatusCode, socket.HttpResponseHeaders?.GetValueOrDefault("Retry-After")?.Single());
    }
}
