using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Tests.Http;

/// <summary>How a session ends: by a person, by an administrator, by time.</summary>
public sealed class SessionLifetimeTests : PortalTests
{
    private Portal _portal = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start(new PortalSettings { Clock = Clock });
    }

    [Fact]
    public async Task Session_EndedOnAnotherNode_IsDeadAtTheNextRequest()
    {
        var other = Start(new PortalSettings { Clock = Clock });
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        Assert.True(await browser.IsSignedInAsync());

        await other.InTenantAsync("acme", async services =>
        {
            var sessionId = (await services.GetRequiredService<Core.Data.PortalDbContext>().Sessions.SingleAsync()).Id;
            await services.GetRequiredService<SessionService>()
                .EndAsync(sessionId, SessionEndReason.SignedOut, RequestFacts.Portal, CancellationToken.None);
            return true;
        });

        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Session_OnAnotherNode_IsTheSameSession()
    {
        var other = Start(new PortalSettings { Clock = Clock });
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        using var elsewhere = browser.At(other.Connect);

        Assert.True(await elsewhere.IsSignedInAsync());
    }

    [Fact]
    public async Task Session_WatchedByAPageAlone_EndsForWantOfUse()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();

        foreach (var isAlive in (string[])["true", "true", "false"])
        {
            Clock.Advance(TimeSpan.FromMinutes(25));
            Assert.Equal(isAlive, (await browser.GetAsync("/t/acme/session/alive")).Body);
        }

        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Session_Idle_EndsAfterAnHour()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();

        Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.True(await browser.IsSignedInAsync());
        Clock.Advance(TimeSpan.FromMinutes(59));
        Assert.True(await browser.IsSignedInAsync());
        Clock.Advance(TimeSpan.FromMinutes(60));

        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Session_InUse_EndsAfterADay()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        for (var halfHour = 1; halfHour < 48; halfHour++)
        {
            Clock.Advance(TimeSpan.FromMinutes(30));
            Assert.True(await browser.IsSignedInAsync(), $"after {halfHour} half hours");
        }

        Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Session_Remembered_EndsAfterThirtyDaysIdleOrNot()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync(remember: true);

        Clock.Advance(TimeSpan.FromDays(29));
        Assert.True(await browser.IsSignedInAsync());
        Clock.Advance(TimeSpan.FromDays(1));

        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task SignIn_AgainInTheSameBrowser_EndsTheSessionBefore()
    {
        using var browser = _portal.OpenBrowser();
        var home = await browser.SignInAsync();
        using var before = browser.Thief();
        var form = home.Form().To(new Uri("https://localhost/t/acme/session/complete")).With("ticket", await _portal.EarnTicketAsync(browser));

        await browser.PostAsync(form);

        Assert.True(await browser.IsSignedInAsync());
        Assert.False(await before.IsSignedInAsync());
        await _portal.InTenantAsync("acme", async database => Assert.Equal(
            [SessionEndReason.Replaced, null], await database.Sessions.OrderBy(session => session.EndedAt == null).Select(session => session.EndReason).ToListAsync()));
    }

    [Fact]
    public async Task SignIn_AskedForAgainByTheAddress_LeavesThePersonSignedIn()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        var identify = (await browser.GetAsync("/t/acme/sign-in?prompt=login")).Form("identify").With("username", "user@acme.example");

        var home = await browser.EnterPasswordAsync(await browser.PostAsync(identify), Portal.Password);

        Assert.Equal(("/t/acme/", "Hello, Uma User"), (home.Address.PathAndQuery, home.Heading));
        await _portal.InTenantAsync("acme", async database => Assert.Equal(1, await database.Sessions.CountAsync(session => session.EndedAt == null)));
    }

    [Fact]
    public async Task SignIn_InAnotherBrowser_LeavesTheFirstSessionAlone()
    {
        using var first = _portal.OpenBrowser();
        using var second = _portal.OpenBrowser();

        await first.SignInAsync();
        await second.SignInAsync();

        Assert.True(await first.IsSignedInAsync());
        Assert.True(await second.IsSignedInAsync());
    }

    [Fact]
    public async Task SignOut_Once_EndsTheSessionForWhoeverHoldsItsCookie()
    {
        using var browser = _portal.OpenBrowser();
        var home = await browser.SignInAsync();
        using var thief = browser.Thief();

        var page = await browser.PostAsync(home.Form());

        Assert.Equal("You are signed out.", page.Text(".notice"));
        Assert.False(browser.Cookies.Has("__Host-portal.session"));
        Assert.False(await thief.IsSignedInAsync());
    }

    [Fact]
    public async Task SignOut_Twice_IsHarmless()
    {
        using var browser = _portal.OpenBrowser();
        var form = (await browser.SignInAsync()).Form();
        using var secondTab = browser.Thief();
        await browser.PostAsync(form);

        var again = await secondTab.PostAsync(form);
        var andAgain = await browser.PostAsync(form);

        Assert.Equal(("Welcome to Acme", "Welcome to Acme"), (again.Heading, andAgain.Heading));
        Assert.False(await secondTab.IsSignedInAsync());
        Assert.DoesNotContain(_portal.Log.Alarming, entry => entry.Level >= LogLevel.Error);
    }

    [Fact]
    public async Task Session_OfAnAccountThatIsDisabled_IsDeadAtTheNextRequest()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();

        await _portal.InTenantAsync("acme", database => database.Users.Where(user => user.NormalizedUserName == "USER@ACME.EXAMPLE")
            .ExecuteUpdateAsync(update => update.SetProperty(user => user.DisabledAt, Clock.GetUtcNow())));

        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task SignedInPage_WhoseSessionHasEnded_LeadsToSignIn()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        Clock.Advance(TimeSpan.FromDays(2));

        var page = await browser.GetAsync("/t/acme/");

        Assert.Equal(("/t/acme/sign-in", "Welcome to Acme"), (page.Address.AbsolutePath, page.Heading));
    }
}
