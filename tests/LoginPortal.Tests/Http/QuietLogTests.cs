using LoginPortal.Tests.Hosts;

namespace LoginPortal.Tests.Http;

/// <summary>What the log says of a normal day: nothing that wakes anybody up, and nothing secret.</summary>
public sealed class QuietLogTests : PortalTests
{
    [Fact]
    public async Task Log_AfterAHundredSignIns_HasNoWarning()
    {
        var portal = Start();
        for (var person = 0; person < 100; person++)
        {
            using var browser = portal.OpenBrowser();
            var home = await browser.SignInAsync(remember: person % 2 == 0);
            Assert.Equal("Hello, Uma User", home.Heading);
            await browser.PostAsync(home.Form());
        }

        Assert.Empty(portal.Log.Alarming);
    }

    [Fact]
    public async Task Log_OfWrongAndRightPasswords_HasNoSecret()
    {
        var portal = Start();
        using var browser = portal.OpenBrowser();
        await browser.SignInAsync(password: "wrong-secret-of-somebody");
        await browser.SignInAsync();
        var ticket = await portal.EarnTicketAsync(browser);

        Assert.NotEmpty(portal.Log.Entries);
        foreach (var secret in (string[])["wrong-secret-of-somebody", Portal.Password, ticket, browser.Cookies.Single("__Host-portal.session"), browser.Cookies.Single("__Host-portal.browser")])
        {
            Assert.DoesNotContain(portal.Log.Entries, entry => entry.Text.Contains(secret, StringComparison.Ordinal));
        }
    }
}
