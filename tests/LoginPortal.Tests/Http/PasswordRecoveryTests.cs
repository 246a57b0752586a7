using LoginPortal.Core.AccountRequests;
using System.Net;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.SignIn;
using LoginPortal.Testing;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Tests.Http;

/// <summary>Links that come by mail, as a browser without script and a mail scanner follow them.</summary>
public sealed class PasswordRecoveryTests : PortalTests
{
    private const string Address = "user@acme.example";
    private const string NewPassword = "seven-otters-read-a-map";

    private Portal _portal = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start(new PortalSettings { Clock = Clock });
    }

    [Fact]
    public async Task ForgotPassword_ThenReset_LeadsToASignInWithTheNewPassword()
    {
        using var browser = _portal.OpenBrowser();
        var password = await browser.IdentifyAsync("acme", Address);
        var forgot = await browser.GetAsync($"/t/acme/{password.Document.QuerySelector("a[href^='forgot-password']")!.GetAttribute("href")}");
        Assert.Equal(Address, forgot.Form("forgot-password")["username"]);

        var sent = await browser.PostAsync(forgot.Form("forgot-password"));
        Assert.Equal(("/t/acme/forgot-password?sent=true", "Look into your mail"), (sent.Address.PathAndQuery, sent.Heading));
        var link = await LinkAsync();
        var page = await browser.GetAsync(link);
        var done = await browser.PostAsync(page.Form("reset-password").With("new-password", NewPassword));

        Assert.Equal("/t/acme/sign-in?password-reset=true", done.Address.PathAndQuery);
        Assert.Equal("Your new password is set. Sign in with it.", done.Text(".notice"));
        Assert.False(browser.Cookies.Has("__Host-portal.link"));
        Assert.Equal("Hello, Uma User", (await browser.SignInAsync(password: NewPassword)).Heading);
    }

    [Fact]
    public async Task ResetLink_OpenedByAScannerAgainAndAgain_StillWorks()
    {
        var link = await AskAsync();
        for (var visit = 0; visit < 3; visit++)
        {
            using var scanner = _portal.OpenBrowser();
            Assert.Equal("Choose a new password", (await scanner.GetAsync(link)).Heading);
        }

        using var browser = _portal.OpenBrowser();
        var page = await browser.GetAsync(link);
        Assert.Equal("/t/acme/sign-in", (await browser.PostAsync(page.Form("reset-password").With("new-password", NewPassword))).Address.AbsolutePath);
    }

    [Fact]
    public async Task ResetLink_Opened_MovesItsTokenOutOfTheAddress()
    {
        using var browser = _portal.OpenBrowser();
        var link = await AskAsync();

        var first = await browser.GetAsync(link, follow: false);
        var page = await browser.GetAsync(link);

        Assert.Equal((HttpStatusCode.Redirect, "/t/acme/reset-password"), (first.Status, first.Location!.PathAndQuery));
        Assert.Equal("no-referrer", first.Header("Referrer-Policy"));
        Assert.DoesNotContain(link.Split("token=")[1], page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResetLink_PostedTwiceAtOnce_SetsOnePassword()
    {
        using var browser = _portal.OpenBrowser();
        var form = (await browser.GetAsync(await AskAsync())).Form("reset-password");

        var pages = await Task.WhenAll(Enumerable.Range(0, 4).Select(index =>
            Task.Run(() => browser.At(_portal.Connect).PostAsync(form.With("new-password", $"{NewPassword}-{index}"), follow: false))));

        Assert.Single(pages, page => page.Location?.Query == "?password-reset=true");
        foreach (var page in pages.Where(page => page.Location?.Query != "?password-reset=true"))
        {
            // A form whose link was spent before it arrived is answered by showing its page anew.
            Assert.Equal("This link does not work any longer", (page.Location is { } again ? await browser.GetAsync(again.PathAndQuery) : page).Heading);
        }
    }

    [Fact]
    public async Task ResetForm_WithoutAntiforgeryToken_ChangesNothing()
    {
        using var browser = _portal.OpenBrowser();
        var form = (await browser.GetAsync(await AskAsync())).Form("reset-password").Without("__RequestVerificationToken");

        await browser.PostAsync(form.With("new-password", NewPassword));

        Assert.Equal("Hello, Uma User", (await browser.SignInAsync()).Heading);
    }

    [Theory]
    [InlineData("short", "It is too short.")]
    [InlineData("", "It is too short.")]
    [InlineData(Portal.Password, "That is your present password. Choose a new one.")]
    public async Task ResetForm_WithAPasswordThatMayNotBe_SaysWhy(string password, string reason)
    {
        using var browser = _portal.OpenBrowser();
        var page = await browser.GetAsync(await AskAsync());

        var refused = await browser.PostAsync(page.Form("reset-password").With("new-password", password));

        Assert.Equal(reason, refused.Text("#new-password-problem"));
        Assert.Equal(
            "/t/acme/sign-in",
            (await browser.PostAsync(refused.Form("reset-password").With("new-password", NewPassword))).Address.AbsolutePath);
    }

    [Theory]
    [InlineData("/t/acme/reset-password", "This link does not work any longer")]
    [InlineData("/t/acme/reset-password?token=nonsense", "This link does not work any longer")]
    [InlineData("/t/acme/verify-address?token=nonsense", "This link does not work any longer")]
    public async Task Link_ThatIsNone_SaysSo(string address, string heading)
    {
        using var browser = _portal.OpenBrowser();

        Assert.Equal(heading, (await browser.GetAsync(address)).Heading);
    }

    [Fact]
    public async Task ResetLink_OfAnotherTenant_SaysSo()
    {
        using var browser = _portal.OpenBrowser();
        var link = await AskAsync();

        Assert.Equal("This link does not work any longer", (await browser.GetAsync(link.Replace("/acme/", "/globex/", StringComparison.Ordinal))).Heading);
    }

    [Theory]
    [InlineData("/t/acme/.well-known/change-password", "/t/acme/forgot-password")]
    [InlineData("/.well-known/change-password", "/")]
    public async Task WellKnownChangePassword_Opened_LeadsToTheForm(string address, string target)
    {
        using var browser = _portal.OpenBrowser();

        var page = await browser.GetAsync(address, follow: false);

        Assert.Equal((HttpStatusCode.Redirect, target), (page.Status, page.Location!.PathAndQuery));
    }

    [Fact]
    public async Task VerifyLink_OpenedAndPosted_LetsTheWaitingSignInGoOn()
    {
        const string address = "fresh@acme.example";
        await _portal.AddUserAsync("acme", address, user => user.EmailConfirmed = false);
        using var browser = _portal.OpenBrowser();
        using var phone = _portal.OpenBrowser();
        var waiting = await browser.SignInAsync(address: address);
        Assert.Equal("Confirm your address", waiting.Heading);
        var link = (await _portal.Services.ReadMailsAsync(address))[^1].Link.PathAndQuery;

        var page = await phone.GetAsync(link);
        Assert.Equal("Is fresh@acme.example your address?", page.Text(".lead"));
        Assert.False(await IsConfirmedAsync(address));
        var done = await phone.PostAsync(page.Form("verify-address"));
        Assert.Equal(("/t/acme/verify-address?confirmed=true", "Your address is confirmed"), (done.Address.PathAndQuery, done.Heading));
        Assert.False(await phone.IsSignedInAsync());

        Assert.Equal("Hello, Grace", (await browser.PostAsync(waiting.Form("continue-verified"))).Heading);
    }

    [Fact]
    public async Task Resend_TooSoon_SaysSoAndAfterAWaitSends()
    {
        const string address = "fresh@acme.example";
        await _portal.AddUserAsync("acme", address, user => user.EmailConfirmed = false);
        using var browser = _portal.OpenBrowser();
        var waiting = await browser.SignInAsync(address: address);

        var refused = await browser.PostAsync(waiting.Form("resend-verification"));
        Assert.Contains("A message was sent a moment ago.", refused.Text(".notice"), StringComparison.Ordinal);
        Clock.Advance(AddressVerification.ResendDelay);
        await browser.PostAsync(refused.Form("resend-verification"));

        Assert.Equal(2, (await _portal.Services.ReadMailsAsync(address)).Count);
    }

    private Task<bool> IsConfirmedAsync(string address) => _portal.InTenantAsync("acme", services =>
        services.GetRequiredService<Core.Data.PortalDbContext>().Users.Where(user => user.Email == address).Select(user => user.EmailConfirmed).SingleAsync());

    private async Task<string> LinkAsync()
    {
        await _portal.Services.GetRequiredService<AccountRequestHandler>().RunOnceAsync(CancellationToken.None);
        return (await _portal.Services.ReadMailsAsync(Address))[^1].Link.PathAndQuery;
    }

    private async Task<string> AskAsync()
    {
        var tenant = await _portal.InTenantAsync("acme", services => Task.FromResult(services.GetRequiredService<Core.Tenants.TenantContext>().Required));
        await _portal.Services.GetRequiredService<PasswordRecovery>().RequestAsync(tenant.Id, Address, RequestFacts.Portal, CancellationToken.None);
        return await LinkAsync();
    }
}
