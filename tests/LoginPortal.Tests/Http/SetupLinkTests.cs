using System.Net;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LoginPortal.Tests.Http;

/// <summary>The one-time link that creates the first operator of a new portal.</summary>
public sealed class SetupLinkTests : PortalTests
{
    private const string Address = "olga@portal.example";
    private const string GoodPassword = "seven-otters-read-a-map";

    private Portal _portal = null!;
    private Uri _link = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start(new PortalSettings { Environment = Environments.Production, Clock = Clock });

        // The start prints a link of its own, which would otherwise replace the one of the test.
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (!await HasLinkAsync())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }

        _link = await NewLinkAsync();
    }

    [Fact]
    public async Task Link_Opened_MovesItsTokenOutOfTheAddress()
    {
        using var browser = _portal.OpenBrowser();

        var first = await browser.GetAsync(_link.PathAndQuery, follow: false);
        var page = await browser.GetAsync(_link.PathAndQuery);

        Assert.Equal((HttpStatusCode.Redirect, "/t/platform/setup"), (first.Status, first.Location!.PathAndQuery));
        Assert.Equal(("/t/platform/setup", "Set up the portal"), (page.Address.PathAndQuery, page.Heading));
        Assert.DoesNotContain(_link.Query.Split('=')[1], page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Link_WithAGoodPassword_CreatesAnOperatorWhoCanSignIn()
    {
        using var browser = _portal.OpenBrowser();

        var done = await SubmitAsync(browser, Address, GoodPassword);
        var home = await browser.SignInAsync("platform", Address, GoodPassword);

        Assert.Equal("The account is ready", done.Heading);
        Assert.Equal("You are signed in as olga@portal.example.", home.Text(".lead"));
        Assert.Contains("Platform operator", home.Text(".facts"), StringComparison.Ordinal);
        Assert.False(browser.Cookies.Has("__Host-portal.link"));
    }

    [Fact]
    public async Task Link_UsedTwice_SaysSoAndCreatesNobody()
    {
        using var first = _portal.OpenBrowser();
        using var second = _portal.OpenBrowser();
        var late = (await second.GetAsync(_link.PathAndQuery)).Form("setup").With("username", "other@portal.example").With("new-password", GoodPassword);
        await SubmitAsync(first, Address, GoodPassword);

        var posted = await second.PostAsync(late);
        var opened = await second.GetAsync(_link.PathAndQuery);

        Assert.Equal(("This link does not work any longer", "This link does not work any longer"), (posted.Heading, opened.Heading));
        await _portal.InTenantAsync("platform", async database => Assert.Equal(
            [Address], await database.Users.Where(user => user.Role == PortalRole.PlatformOperator).Select(user => user.Email).ToListAsync()));
    }

    [Theory]
    [InlineData("short", "It is too short.")]
    [InlineData("Password123456789!", "It is one of the passwords that attackers try first, or close to one.")]
    [InlineData("aaaaaaaaaaaaaaaaaaaa", "It repeats itself or follows the keyboard.")]
    [InlineData("", "It is too short.")]
    public async Task Link_WithAWeakPassword_NamesTheReasonsAndStaysValid(string password, string reason)
    {
        using var browser = _portal.OpenBrowser();

        var refused = await SubmitAsync(browser, Address, password);

        Assert.Contains(reason, refused.Text("#new-password-problem"), StringComparison.Ordinal);
        Assert.Equal(Address, refused.Document.QuerySelector("#username")!.GetAttribute("value"));
        Assert.False(refused.Document.QuerySelector("#new-password")!.HasAttribute("value"));
        var again = refused.Form("setup").With("username", Address).With("new-password", GoodPassword);
        Assert.Equal("The account is ready", (await browser.PostAsync(again)).Heading);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nobody")]
    [InlineData("Olga <olga@portal.example>")]
    public async Task Link_WithAMalformedAddress_SaysSoBesideTheField(string address)
    {
        using var browser = _portal.OpenBrowser();

        var page = await SubmitAsync(browser, address, GoodPassword);

        Assert.Equal("Enter a whole e-mail address, such as name@example.com.", page.Text("#username-problem"));
    }

    [Fact]
    public async Task Link_OlderThanADay_SaysSo()
    {
        using var browser = _portal.OpenBrowser();
        Clock.Advance(TimeSpan.FromHours(24));

        Assert.Equal("This link does not work any longer", (await browser.GetAsync(_link.PathAndQuery)).Heading);
    }

    [Fact]
    public async Task Link_ReplacedByANewerOne_SaysSo()
    {
        using var browser = _portal.OpenBrowser();
        var newer = await NewLinkAsync();

        Assert.Equal("This link does not work any longer", (await browser.GetAsync(_link.PathAndQuery)).Heading);
        Assert.Equal("Set up the portal", (await browser.GetAsync(newer.PathAndQuery)).Heading);
    }

    [Theory]
    [InlineData("/t/platform/setup")]
    [InlineData("/t/platform/setup?token=nonsense")]
    [InlineData("/t/platform/setup?token=")]
    public async Task Setup_WithoutALinkThatWorks_SaysSo(string address)
    {
        using var browser = _portal.OpenBrowser();

        Assert.Equal("This link does not work any longer", (await browser.GetAsync(address)).Heading);
    }

    private static async Task<Page> SubmitAsync(Browser browser, Uri link, string address, string password) =>
        await browser.PostAsync((await browser.GetAsync(link.PathAndQuery)).Form("setup").With("username", address).With("new-password", password));

    private Task<Page> SubmitAsync(Browser browser, string address, string password) => SubmitAsync(browser, _link, address, password);

    private async Task<bool> HasLinkAsync()
    {
        await using var scope = _portal.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<PortalDbContext>().OneTimeLinks.IgnoreQueryFilters().AnyAsync();
    }

    private async Task<Uri> NewLinkAsync()
    {
        await using var scope = _portal.Services.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<FirstOperator>().CreateLinkAsync(CancellationToken.None))!;
    }
}
