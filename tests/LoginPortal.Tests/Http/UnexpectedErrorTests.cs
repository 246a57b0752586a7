using System.Net;
using LoginPortal.Core.Accounts;
using LoginPortal.Testing;
using LoginPortal.Tests.Hosts;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Tests.Http;

/// <summary>A bug, seen from outside.</summary>
public sealed class UnexpectedErrorTests : PortalTests
{
    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Bug_WhileAPageIsOpened_IsLoggedAndShownWithoutItsWords(string environment)
    {
        Start();
        var portal = Start(new PortalSettings { Environment = environment, Services = TestStartup.AddTo });
        using var browser = portal.OpenBrowser();

        AssertUnspoken(portal, await browser.GetAsync("/t/acme" + TestStartup.FailingPath));
    }

    [Theory]
    [InlineData("Development")]
    [InlineData("Production")]
    public async Task Bug_WhileAFormIsHandled_IsLoggedAndShownWithoutItsWords(string environment)
    {
        Start();
        var hasher = new CountingPasswordHasher(new PasswordHasher<PortalUser>())
        {
            BeforeVerification = () => throw new InvalidOperationException(TestStartup.SecretWords),
        };
        var portal = Start(new PortalSettings
        {
            Environment = environment,
            Services = services => services.AddSingleton<IPasswordHasher<PortalUser>>(hasher),
        });
        using var browser = portal.OpenBrowser();
        var form = (await browser.IdentifyAsync("acme", "user@acme.example")).Form("password").With("password", Portal.Password);

        AssertUnspoken(portal, await browser.PostAsync(form, follow: false));
    }

    [Theory]
    [InlineData("/t/acme/nothing")]
    [InlineData("/t/nobody/sign-in")]
    public async Task Post_ToNoPage_SaysSo(string address)
    {
        using var browser = Start().OpenBrowser();

        var page = await browser.PostAsync(new FormPost(new Uri(browser.Origin, address), []), follow: false);

        Assert.True(page.Status is HttpStatusCode.NotFound or HttpStatusCode.MethodNotAllowed, page.Status.ToString());
        Assert.Equal("There is nothing here", page.Heading);
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

    private static void AssertUnspoken(Portal portal, Page page)
    {
        Assert.Equal((HttpStatusCode.InternalServerError, "Something went wrong on our side"), (page.Status, page.Heading));
        Assert.DoesNotContain(TestStartup.SecretWords, page.Body, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", page.Body, StringComparison.Ordinal);
        Assert.Contains(portal.Log.Entries, entry => entry.Level == LogLevel.Error && entry.Exception?.Message == TestStartup.SecretWords);
        SecurityHeadersTests.AssertProtected(page);
    }
}
