using System.Net;
using System.Text.Json;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Tests.Http;

/// <summary>The keys that access tokens of the JSON host can be checked with.</summary>
public sealed class PublishedKeysTests(PortalFixture fixture) : PortalTests, IClassFixture<PortalFixture>
{
    [Fact]
    public async Task Keys_AtTheWellKnownAddress_ArePublicHalvesAlone()
    {
        using var browser = fixture.Portal.OpenBrowser("https://localhost");

        var page = await browser.GetAsync("/.well-known/jwks.json");

        Assert.Equal(HttpStatusCode.OK, page.Status);
        using var document = JsonDocument.Parse(page.Body);
        var key = Assert.Single(document.RootElement.GetProperty("keys").EnumerateArray());
        Assert.Equal(["kty", "use", "alg", "kid", "crv", "x", "y"], key.EnumerateObject().Select(member => member.Name));
    }
}
