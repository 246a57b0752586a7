using System.Net;
using System.Text.RegularExpressions;
using LoginPortal.Core.Data;
using LoginPortal.Tests.Hosts;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Tests.Http;

/// <summary>Every address of administration that there is, asked for by those who may not have it.</summary>
public sealed partial class AdministrationRefusalTests() : PortalTests(DatabaseProvider.Sqlite)
{
    [Fact]
    public async Task EveryAddress_AskedForByOthers_IsRefused()
    {
        var portal = Start(new PortalSettings { Clock = Clock });
        var addresses = AddressesOf(portal).ToList();
        Assert.True(addresses.Count >= 15, string.Join('\n', addresses));
        using var nobody = portal.OpenBrowser();
        using var member = portal.OpenBrowser();
        using var stranger = portal.OpenBrowser();
        using var administrator = portal.OpenBrowser();
        await member.SignInAsync();
        await stranger.SignInAsync("platform", "operator@portal.example");
        await administrator.SignInAsync("acme", "admin@acme.example");
        Clock.Advance(TimeSpan.FromMinutes(40));
        await administrator.GetAsync("/t/acme/account");
        await member.GetAsync("/t/acme/account");
        await stranger.GetAsync("/t/platform/account");
        Clock.Advance(TimeSpan.FromMinutes(21));

        foreach (var (method, address) in addresses)
        {
            var here = $"/t/acme{address}";
            foreach (var browser in (Browser[])[nobody, stranger])
            {
                var page = await AskAsync(browser, method, here);
                Assert.True(
                    page.Status is HttpStatusCode.NotFound or HttpStatusCode.Forbidden or HttpStatusCode.BadRequest || page.Location is { AbsolutePath: "/t/acme/sign-in" or "/t/acme/admin/branding" },
                    $"{here}: {page.Status} {page.Location}");
            }

            var refused = await AskAsync(member, method, here);
            Assert.True(
                refused.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound || refused.Location?.AbsolutePath == "/t/acme/admin/branding", $"{here} for a member: {refused.Status}");
            Assert.DoesNotContain("user@acme.example", refused.Body, StringComparison.Ordinal);

            var stale = await AskAsync(administrator, method, here);
            Assert.True(
                stale.Status is HttpStatusCode.Forbidden or HttpStatusCode.NotFound || stale.Location?.AbsolutePath.StartsWith("/t/acme/admin", StringComparison.Ordinal) == true,
                $"{here} for a stale sign-in: {stale.Status} {stale.Location}");
            Assert.DoesNotContain("user@acme.example", stale.Body, StringComparison.Ordinal);
        }

        Assert.DoesNotContain(addresses, pair => pair.Address.Contains('{', StringComparison.Ordinal));
    }

    /// <summary>As a browser would: what is posted brings a token of the person's own.</summary>
    private static async Task<Page> AskAsync(Browser browser, string method, string address)
    {
        if (method == "GET")
        {
            return await browser.GetAsync(address, follow: false);
        }

        var own = await browser.GetAsync("/t/acme/account/data");
        var token = own.Document.QuerySelector("input[name=__RequestVerificationToken]")?.GetAttribute("value") ?? "";
        return await browser.PostAsync(new FormPost(new Uri(browser.Origin, address), [KeyValuePair.Create("__RequestVerificationToken", token)]), follow: false);
    }

    private static IEnumerable<(string Method, string Address)> AddressesOf(Portal portal) => portal.Services.GetServices<EndpointDataSource>()
        .SelectMany(source => source.Endpoints)
        .OfType<RouteEndpoint>()
        .Where(endpoint => endpoint.RoutePattern.RawText?.StartsWith("/admin", StringComparison.Ordinal) == true)
        .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET"])
            .Where(method => method is "GET" or "POST")
            .Where(method => method == "GET" || endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is null)
            .Select(method => (method, Filled(endpoint.RoutePattern.RawText!))))
        .Distinct();

    private static string Filled(string pattern) => Parameter().Replace(
        pattern,
        parameter => parameter.Value.Contains(":guid", StringComparison.Ordinal) ? "11111111-1111-7111-8111-111111111111"
            : parameter.Value.Contains(":int", StringComparison.Ordinal) ? "1"
            : parameter.Value.Contains("Kind", StringComparison.Ordinal) ? "Web"
            : "sign-in");

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();
}
