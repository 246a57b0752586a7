using System.Net;
using LoginPortal.Core.SignIn;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Tests.Http;

/// <summary>Forms that are posted when the sign-in has moved on: long after, in two tabs, twice.</summary>
public sealed class PostedFlowTests : PortalTests
{
    private Portal _portal = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start(new PortalSettings { Clock = Clock });
    }

    [Fact]
    public async Task Password_PostedAfterTheFlowHasExpired_OffersToStartAgainWithTheAddress()
    {
        using var browser = _portal.OpenBrowser();
        var page = await browser.IdentifyAsync("acme", "user@acme.example");
        Clock.Advance(SignInFlow.Lifetime);

        AssertStartsAgain(await browser.EnterPasswordAsync(page, Portal.Password), "user@acme.example");
    }

    [Fact]
    public async Task Password_PostedFromAnotherBrowser_OffersToStartAgainWithoutTheAddress()
    {
        using var browser = _portal.OpenBrowser();
        using var stranger = _portal.OpenBrowser();
        var flow = (await browser.IdentifyAsync("acme", "user@acme.example")).Address;
        var form = (await stranger.IdentifyAsync("acme", "other@acme.example")).Form("password");

        AssertStartsAgain(await stranger.PostAsync(form.To(flow).With("password", Portal.Password)), "");
        Assert.False(await stranger.IsSignedInAsync());
    }

    [Fact]
    public async Task Password_PostedTwice_LeavesThePersonSignedIn()
    {
        using var browser = _portal.OpenBrowser();
        var page = await browser.IdentifyAsync("acme", "user@acme.example");
        var form = page.Form("password").With("password", Portal.Password);
        await browser.PostAsync(form);

        var again = await browser.PostAsync(form);

        Assert.Equal((HttpStatusCode.OK, "Hello, Uma User"), (again.Status, again.Heading));
    }

    [Fact]
    public async Task Password_PostedTwiceAtTheSameMoment_LeavesThePersonSignedIn()
    {
        using var browser = _portal.OpenBrowser();
        var page = await browser.IdentifyAsync("acme", "user@acme.example");
        var form = page.Form("password").With("password", Portal.Password);

        var pages = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => Task.Run(() => browser.At(_portal.Connect).PostAsync(form))));

        Assert.All(pages, answer => Assert.Equal(HttpStatusCode.OK, answer.Status));
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task Password_PostedForAFlowThatMustNowChangeIt_ShowsWhereTheFlowStands()
    {
        await _portal.AddUserAsync("acme", "must-change@acme.example", user => user.PasswordChangeRequired = true);
        using var browser = _portal.OpenBrowser();
        var page = await browser.IdentifyAsync("acme", "must-change@acme.example");
        Assert.Equal("Choose a new password", (await browser.EnterPasswordAsync(page, Portal.Password)).Heading);

        Assert.Equal("Choose a new password", (await browser.EnterPasswordAsync(page, Portal.Password)).Heading);
    }

    [Fact]
    public async Task NewPassword_Posted_NamesTheProblemsAndThenSignsIn()
    {
        await _portal.AddUserAsync("acme", "must-change@acme.example", user => user.PasswordChangeRequired = true);
        using var browser = _portal.OpenBrowser();
        var change = await browser.SignInAsync(address: "must-change@acme.example");

        var refused = await browser.PostAsync(change.Form("password-change").With("new-password", "short"));
        var unchanged = await browser.PostAsync(refused.Form("password-change").With("new-password", Portal.Password));
        var home = await browser.PostAsync(unchanged.Form("password-change").With("new-password", "nine-herons-paint-a-barn"));

        Assert.Equal("It is too short.", refused.Text("#new-password-problem"));
        Assert.Equal("That is your present password. Choose a new one.", unchanged.Text("#new-password-problem"));
        Assert.Equal("You are signed in as must-change@acme.example.", home.Text(".lead"));
    }

    [Fact]
    public async Task Reload_OfEachStep_ShowsTheSame()
    {
        using var browser = _portal.OpenBrowser();
        var password = await browser.IdentifyAsync("acme", "user@acme.example");
        var wrong = await browser.EnterPasswordAsync(password, "wrong-but-long-enough");

        Assert.Equal(password.Address, wrong.Address);
        Assert.Equal(wrong.Text("main"), (await browser.GetAsync(wrong.Address.PathAndQuery)).Text("main"));
    }

    [Theory]
    [InlineData("USER@ACME.EXAMPLE")]
    [InlineData("  user@acme.example  ")]
    public async Task Address_TypedLoosely_IsTheSamePerson(string address)
    {
        using var browser = _portal.OpenBrowser();

        Assert.Equal("Hello, Uma User", (await browser.SignInAsync(address: address)).Heading);
    }

    [Fact]
    public async Task SignInPage_ForASignedInPerson_LeadsToTheStartPage()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();

        Assert.Equal("/t/acme/", (await browser.GetAsync("/t/acme/sign-in")).Address.PathAndQuery);
    }

    private static void AssertStartsAgain(Page page, string address)
    {
        Assert.Equal((HttpStatusCode.OK, "Welcome to Acme"), (page.Status, page.Heading));
        Assert.StartsWith("This sign-in took too long", page.Text(".notice"), StringComparison.Ordinal);
        Assert.Equal(address, page.Document.QuerySelector("#username")!.GetAttribute("value") ?? "");
    }
}
