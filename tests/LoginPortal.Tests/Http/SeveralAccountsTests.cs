using System.Net;
using LoginPortal.Core.Sessions;
using LoginPortal.SessionEndpoints;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Tests.Http;

/// <summary>Several people of one tenant in one browser.</summary>
public sealed class SeveralAccountsTests : PortalTests
{
    private Portal _portal = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start(new PortalSettings { Clock = Clock });
    }

    [Fact]
    public async Task SignIn_AsSomebodyElse_KeepsBothAndSwitchesBetweenThem()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        await AddAsync(browser, "admin@acme.example");
        Assert.Equal("Hello, Adam Admin", (await browser.GetAsync("/t/acme/")).Heading);

        var chooser = await browser.GetAsync("/t/acme/sign-in?prompt=select_account&returnUrl=account%2Fprofile");
        Assert.Equal("Choose an account", chooser.Heading);
        Assert.Equal(["admin@acme.example", "user@acme.example"], AddressesOf(chooser));
        var profile = await browser.PostAsync(ChoiceOf(chooser, "user@acme.example"));

        Assert.Equal(("/t/acme/account/profile", "Uma"), (profile.Address.PathAndQuery, profile.Document.QuerySelector("#given-name")?.GetAttribute("value")));
        Assert.Equal("Hello, Uma User", (await browser.GetAsync("/t/acme/")).Heading);
        Assert.All(
            browser.Responses.SelectMany(CookieJar.Of).Where(cookie => cookie.Name.StartsWith("__Host-portal.session", StringComparison.Ordinal)),
            cookie => Assert.True(cookie.HttpOnly && cookie.Secure && cookie.SameSite == Microsoft.Net.Http.Headers.SameSiteMode.Lax && (!cookie.Expires.HasValue || cookie.Expires.Value.Year == 1970)));
    }

    [Fact]
    public async Task SignOut_OfOneAccount_LeavesTheOtherToChoose()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        var home = await AddAsync(browser, "admin@acme.example");
        using var thief = browser.Thief();

        var chooser = await browser.PostAsync(home.Form());

        Assert.Equal(["user@acme.example"], AddressesOf(chooser));
        Assert.Contains("You are signed out.", chooser.Text(".notice"), StringComparison.Ordinal);
        Assert.False(await thief.IsSignedInAsync());
        await browser.PostAsync(ChoiceOf(chooser, "user@acme.example"));
        Assert.Equal("Hello, Uma User", (await browser.GetAsync("/t/acme/")).Heading);
    }

    [Fact]
    public async Task SignOut_OfOneInTheChooser_EndsThatSessionAlone()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        await AddAsync(browser, "admin@acme.example");
        var chooser = await browser.GetAsync("/t/acme/sign-in?prompt=select_account");

        await browser.PostAsync(FormTo(chooser, "session/sign-out-of"));

        Assert.Equal(["user@acme.example"], AddressesOf(await browser.GetAsync("/t/acme/sign-in?prompt=select_account")));
        await _portal.InTenantAsync("acme", async database => Assert.Equal(
            "user@acme.example", await database.Sessions.Where(session => session.EndedAt == null).Select(session => session.User!.Email).SingleAsync()));
    }

    [Fact]
    public async Task SignOut_OfAllAccounts_LeavesNoSessionAndNoCookie()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        await AddAsync(browser, "admin@acme.example");
        var chooser = await browser.GetAsync("/t/acme/sign-in?prompt=select_account");

        var signIn = await browser.PostAsync(FormTo(chooser, "session/sign-out-all"));

        Assert.True(signIn.Has("#username"));
        Assert.DoesNotContain(browser.Cookies.Names, name => name.StartsWith("__Host-portal.session", StringComparison.Ordinal));
        await _portal.InTenantAsync("acme", async database => Assert.Equal(0, await database.Sessions.CountAsync(session => session.EndedAt == null)));
    }

    [Fact]
    public async Task SignIn_OfASixthPerson_EndsTheSessionThatWasUsedTheLongestTimeAgo()
    {
        using var browser = _portal.OpenBrowser();
        for (var number = 1; number <= BrowserAccounts.Maximum + 1; number++)
        {
            var address = $"person{number}@acme.example";
            await _portal.AddUserAsync("acme", address);
            await AddAsync(browser, address);
            Clock.Advance(TimeSpan.FromMinutes(2));
        }

        var chooser = await browser.GetAsync("/t/acme/sign-in?prompt=select_account");

        Assert.Equal([6, 5, 4, 3, 2], AddressesOf(chooser).Select(address => address["person".Length] - '0'));
        await _portal.InTenantAsync("acme", async database => Assert.Equal(
            "person1@acme.example",
            await database.Sessions.Where(session => session.EndReason == SessionEndReason.Replaced).Select(session => session.User!.Email).SingleAsync()));
    }

    [Fact]
    public async Task SignIn_AgainAsSomebodyWhoIsHere_TakesTheirPlace()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        await AddAsync(browser, "admin@acme.example");
        await AddAsync(browser, "user@acme.example");

        Assert.Equal(["user@acme.example", "admin@acme.example"], AddressesOf(await browser.GetAsync("/t/acme/sign-in?prompt=select_account")));
        await _portal.InTenantAsync("acme", async database => Assert.Equal(2, await database.Sessions.CountAsync(session => session.EndedAt == null)));
    }

    [Fact]
    public async Task Chooser_RememberedAccountWhoseSessionRanOut_LeadsToItsPassword()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync(remember: true);
        await AddAsync(browser, "admin@acme.example");
        Clock.Advance(TimeSpan.FromDays(30));

        var chooser = await browser.GetAsync("/t/acme/sign-in");
        Assert.Equal(["user@acme.example"], AddressesOf(chooser));
        var password = await browser.PostAsync(ChoiceOf(chooser, "user@acme.example"));

        Assert.Equal("user@acme.example", password.Text(".person-address"));
        Assert.DoesNotContain("user@", password.Address.Query, StringComparison.Ordinal);
        await browser.EnterPasswordAsync(password, Portal.Password);
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Chooser_SessionThatWasEndedElsewhereOrOfAnotherTenant_IsNotOffered()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync("globex");
        await browser.SignInAsync(remember: true);
        await AddAsync(browser, "admin@acme.example");
        await _portal.InTenantAsync("acme", async database => await database.Sessions.Where(session => session.User!.Email == "user@acme.example")
            .ExecuteUpdateAsync(update => update.SetProperty(session => session.EndedAt, Clock.GetUtcNow())));

        var chooser = await browser.GetAsync("/t/acme/sign-in?prompt=select_account");

        Assert.Equal(["admin@acme.example"], AddressesOf(chooser));
        var uma = await _portal.InTenantAsync("globex", async services => await ((Core.Data.PortalDbContext)services.GetService(typeof(Core.Data.PortalDbContext))!)
            .Users.Where(user => user.Email == "user@globex.example").Select(user => user.Id).SingleAsync());
        var switched = await browser.PostAsync(ChoiceOf(chooser, "admin@acme.example").With("account", uma.ToString()), follow: false);
        Assert.Equal(HttpStatusCode.Redirect, switched.Status);
        Assert.Equal("Hello, Adam Admin", (await browser.GetAsync("/t/acme/")).Heading);
    }

    [Fact]
    public async Task Switch_WithoutAToken_IsRefused()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        await AddAsync(browser, "admin@acme.example");
        var form = ChoiceOf(await browser.GetAsync("/t/acme/sign-in?prompt=select_account"), "user@acme.example").Without("__RequestVerificationToken");

        await browser.PostAsync(form);

        Assert.Equal("Hello, Adam Admin", (await browser.GetAsync("/t/acme/")).Heading);
    }

    private static async Task<Page> AddAsync(Browser browser, string address) => await browser.EnterPasswordAsync(
        await browser.IdentifyAsync("acme", address, "?prompt=login"), Portal.Password);

    private static string[] AddressesOf(Page chooser) =>
        [.. chooser.Document.QuerySelectorAll(".choice-words .hint bdi").Select(element => element.TextContent)];

    private static FormPost ChoiceOf(Page chooser, string address) => PostOf(
        chooser, chooser.Document.QuerySelectorAll("form.choice").Single(form => form.TextContent.Contains(address, StringComparison.Ordinal)));

    private static FormPost FormTo(Page page, string action) => PostOf(page, page.Document.QuerySelector($"form[action='{action}']")!);

    private static FormPost PostOf(Page page, AngleSharp.Dom.IElement form) => new(
        new Uri(new Uri(page.Address, "/t/acme/"), form.GetAttribute("action")),
        [.. form.QuerySelectorAll("input[name]").Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value") ?? ""))]);
}
