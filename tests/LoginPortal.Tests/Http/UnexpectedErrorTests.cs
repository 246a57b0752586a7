using System.Net;
using LoginPortal.Tests.Hosts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Tests.Http;

/// <summary>A bug, seen from outside.</summary>
public sealed class UnexpectedErrorTests : PortalTests
{
    [Theory]
    [InlineData("Development", "GET")]
    [InlineData("Development", "POST")]
    [InlineData("Production", "GET")]
    [InlineData("Production", "POST")]
    public async Task Bug_InEachEnvironment_IsLoggedAndShownWithoutItsWords(string environment, string method)
    {
        var seeded = Start();
        var portal = Start(new PortalSettings { Environment = environment, Services = TestStartup.AddTo });
        Assert.NotNull(seeded.Services);
        using var browser = portal.OpenBrowser();

        var page = await browser.SendAsync(
            new HttpRequestMessage(new HttpMethod(method), new Uri(browser.Origin, "/t/acme" + TestStartup.FailingPath)), follow: false);

        Assert.Equal((HttpStatusCode.InternalServerError, "Something went wrong on our side"), (page.Status, page.Heading));
        Assert.DoesNotContain("hunter2", page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page.Body, StringComparison.Ordinal);
        Assert.Contains(portal.Log.Entries, entry => entry.Level == LogLevel.Error && entry.Exception?.Message.Contains("hunter2", StringComparison.Ordinal) == true);
        Assert.True(environment is not null && (environment == Environments.Development || environment == Environments.Production));
    }

    [Theory]
    [InlineData("POST", "/t/acme/nothing", HttpStatusCode.NotFound)]
    [InlineData("PUT", "/t/acme/sign-in", HttpStatusCode.MethodNotAllowed)]
    [InlineData("DELETE", "/t/acme/", HttpStatusCode.MethodNotAllowed)]
    [InlineData("POST", "/t/nobody/sign-in", HttpStatusCode.NotFound)]
    public async Task Request_ThatFitsNothing_SaysSoToEachMethod(string method, string address, HttpStatusCode expected)
    {
        using var browser = Start().OpenBrowser();

        var page = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), new Uri(browser.Origin, address)), follow: false);

        Assert.Equal((expected, "There is nothing here"), (page.Status, page.Heading));
    }

    [Theory]
    [InlineData("/status/200")]
    [InlineData("/status/500")]
    [InlineData("/t/acme/status/503")]
    [InlineData("/status/99999999999")]
    [InlineData("/not-found")]
    public async Task StatusPage_OpenedByItsOwnAddress_IsNotFound(string address)
    {
        using var browser = Start().OpenBrowser();

        var page = await browser.GetAsync(address);

        Assert.Equal((HttpStatusCode.NotFound, "There is nothing here"), (page.Status, page.Heading));
    }
}
