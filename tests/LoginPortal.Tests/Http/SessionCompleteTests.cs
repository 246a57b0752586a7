using System.Net;
using LoginPortal.Core.Sessions;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Tests.Http;

/// <summary>Redeeming the ticket of a sign-in that was completed in a circuit.</summary>
public sealed class SessionCompleteTests : PortalTests
{
    private Portal _portal = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start(new PortalSettings { Clock = Clock });
    }

    [Fact]
    public async Task Complete_WithItsTicket_SignsIn()
    {
        using var browser = _portal.OpenBrowser();
        var form = await FormAsync(browser);

        var page = await browser.PostAsync(form.With("ticket", await _portal.EarnTicketAsync(browser)).With("returnUrl", ""));

        Assert.Equal(("/t/acme/", "Hello, Uma User"), (page.Address.PathAndQuery, page.Heading));
    }

    [Fact]
    public async Task Complete_Twice_SignsInOnce()
    {
        using var browser = _portal.OpenBrowser();
        var form = (await FormAsync(browser)).With("ticket", await _portal.EarnTicketAsync(browser));
        using var second = browser.Thief();
        await browser.PostAsync(form);

        await AssertRefusedAsync(second, form);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Complete_TwiceAtTheSameMoment_SignsInOnce()
    {
        using var browser = _portal.OpenBrowser();
        var form = (await FormAsync(browser)).With("ticket", await _portal.EarnTicketAsync(browser));
        var browsers = Enumerable.Range(0, 8).Select(_ => browser.Thief()).ToList();

        await Task.WhenAll(browsers.Select(one => Task.Run(() => one.PostAsync(form, follow: false))));

        Assert.Single(browsers, one => one.Cookies.Has("__Host-portal.session"));
        browsers.ForEach(one => one.Dispose());
    }

    [Fact]
    public async Task Complete_WithoutTicket_LeadsBackToSignIn()
    {
        using var browser = _portal.OpenBrowser();

        await AssertRefusedAsync(browser, await FormAsync(browser));
    }

    [Theory]
    [InlineData("")]
    [InlineData("wrong")]
    public async Task Complete_WithAWrongTicket_LeadsBackToSignIn(string ticket)
    {
        using var browser = _portal.OpenBrowser();
        var form = await FormAsync(browser);
        await _portal.EarnTicketAsync(browser);

        await AssertRefusedAsync(browser, form.With("ticket", ticket));
    }

    [Fact]
    public async Task Complete_InAnotherBrowser_LeadsBackToSignIn()
    {
        using var browser = _portal.OpenBrowser();
        using var stranger = _portal.OpenBrowser();
        await FormAsync(browser);
        var ticket = await _portal.EarnTicketAsync(browser);

        await AssertRefusedAsync(stranger, (await FormAsync(stranger)).With("ticket", ticket));
    }

    [Theory]
    [InlineData(59, true)]
    [InlineData(60, false)]
    public async Task Complete_AfterAWhile_WorksForSixtySeconds(int seconds, bool works)
    {
        using var browser = _portal.OpenBrowser();
        var form = (await FormAsync(browser)).With("ticket", await _portal.EarnTicketAsync(browser));
        Clock.Advance(TimeSpan.FromSeconds(seconds));

        await browser.PostAsync(form);

        Assert.Equal(works, await browser.IsSignedInAsync());
        Assert.Equal(TimeSpan.FromSeconds(60), HandoffTicket.Lifetime);
    }

    [Fact]
    public async Task Complete_AtAnotherTenant_LeadsBackToSignIn()
    {
        using var browser = _portal.OpenBrowser();
        await FormAsync(browser);
        var ticket = await _portal.EarnTicketAsync(browser);
        var form = await FormAsync(browser, "globex");
        browser.Cookies["__Host-portal.browser.globex"] = browser.Cookies["__Host-portal.browser.acme"];

        await AssertRefusedAsync(browser, form.With("ticket", ticket), "globex");
        Assert.False(await browser.IsSignedInAsync());
    }

    private static async Task<FormPost> FormAsync(Browser browser, string tenant = "acme")
    {
        var form = (await browser.GetAsync($"/t/{tenant}/sign-in")).Form("identify");
        return form.Without("_handler").Without("username").To(new Uri(form.Target, "session/complete"));
    }

    private static async Task AssertRefusedAsync(Browser browser, FormPost form, string tenant = "acme")
    {
        var page = await browser.PostAsync(form, follow: false);

        Assert.Equal((HttpStatusCode.Redirect, $"/t/{tenant}/sign-in"), (page.Status, page.Location!.PathAndQuery));
        Assert.False(browser.Cookies.Has("__Host-portal.session"));
        Assert.False(await browser.IsSignedInAsync(tenant));
    }
}
