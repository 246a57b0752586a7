using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>A sign-in under way: reloaded, gone back from, left lying, opened elsewhere.</summary>
public abstract class Flows(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string Expired = "This sign-in took too long or has ended already. Nothing was lost: please start again.";

    [Fact]
    public async Task PasswordStep_Reloaded_StaysWhereItWas()
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");

        await password.Tab.ReloadAsync(password);

        await Expect(password.Address).ToHaveTextAsync("user@acme.example");
        await password.SignInAsync();
    }

    [Fact]
    public async Task PasswordStep_ReloadedAfterWrongPassword_SaysItAgain()
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await password.SubmitRefusedAsync();

        await password.Tab.ReloadAsync(password);

        await password.PasswordField.ExpectProblemAsync("Address and password do not match. Check both, then try again.");
    }

    [Fact]
    public async Task PasswordStep_BackAndForward_ShowsBothStepsAgain()
    {
        var visitor = await ArriveAsync();
        var start = await visitor.OpenSignInAsync();
        var password = await start.ContinueAsync("user@acme.example");

        await start.Tab.GoBackAsync(start);
        await password.Tab.GoForwardAsync(password);

        await Expect(password.Address).ToHaveTextAsync("user@acme.example");
        await password.SignInAsync();
    }

    [Fact]
    public async Task PasswordStep_BackForAnotherAddress_TakesTheOther()
    {
        var visitor = await ArriveAsync();
        var start = await visitor.OpenSignInAsync();
        await start.ContinueAsync("user@acme.example");

        await start.Tab.GoBackAsync(start);
        var password = await start.ContinueAsync("admin@acme.example");

        await Expect(password.Address).ToHaveTextAsync("admin@acme.example");
        await Expect((await password.SignInAsync()).Heading).ToHaveTextAsync("Hello, Adam Admin");
    }

    [Fact]
    public async Task Back_AfterSignIn_StaysSignedIn()
    {
        var visitor = await ArriveAsync();
        var home = await visitor.SignInAsync("user@acme.example");

        await home.Page.GoBackAsync();

        await home.ShownAsync();
    }

    [Fact]
    public async Task TwoTabs_TwoAccounts_DoNotMix()
    {
        var visitor = await ArriveAsync();
        var first = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        var second = await (await visitor.OpenSignInAsync()).ContinueAsync("admin@acme.example");

        await first.SubmitRefusedAsync();
        await second.Tab.ReloadAsync(second);
        await Expect(second.PasswordField).Not.ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(second.Address).ToHaveTextAsync("admin@acme.example");
        var home = await first.SignInAsync();
        await Expect(home.Heading).ToHaveTextAsync("Hello, Uma User");

        // The browser has one session: that of who signed in last.
        var other = await second.SignInAsync();
        await Expect(other.Heading).ToHaveTextAsync("Hello, Adam Admin");
        await home.Tab.ReloadAsync(home);
        await Expect(home.Heading).ToHaveTextAsync("Hello, Adam Admin");
    }

    [Fact]
    public async Task PasswordStep_LeftLying_StartsOverWithTheAddress()
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await AgeFlowsAsync();

        var start = await password.SubmitAsync(new SignInPage(password.Tab));

        await Expect(start.Notice).ToHaveTextAsync(Expired);
        await Expect(start.AddressField).ToHaveValueAsync("user@acme.example");
        await (await start.ContinueAsync()).SignInAsync();
    }

    [Fact]
    public async Task PasswordStep_ReloadedWhenTooOld_StartsOverWithTheAddress()
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await AgeFlowsAsync();

        var start = await password.Tab.ReloadAsync(new SignInPage(password.Tab));

        await Expect(start.Notice).ToHaveTextAsync(Expired);
        await Expect(start.AddressField).ToHaveValueAsync("user@acme.example");
        await (await start.ContinueAsync()).SignInAsync();
    }

    [Fact]
    public async Task FlowAddress_InAnotherBrowser_StartsOverAndTellsNothing()
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        var stranger = await ArriveAsync();

        var tab = await stranger.OpenTabAsync();
        await tab.Page.GotoAsync(password.Page.Url);
        var start = await new SignInPage(tab).ShownAsync();

        await Expect(start.Notice).ToHaveTextAsync(Expired);
        await Expect(start.AddressField).ToHaveValueAsync("");
        await password.SignInAsync();
    }

    [Theory]
    [InlineData("abc")]
    [InlineData("")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task FlowAddress_Malformed_StartsOver(string flow)
    {
        var visitor = await ArriveAsync();

        var start = await visitor.OpenSignInAsync(query: $"?flow={flow}");

        await Expect(start.Notice).ToHaveTextAsync(Expired);
        await (await start.ContinueAsync("user@acme.example")).SignInAsync();
    }

    [Theory]
    [InlineData("?returnUrl=%3Ffrom%3Dapp", "/t/acme/?from=app")]
    [InlineData("?returnUrl=%2F%2Fevil.example", "/t/acme/")]
    [InlineData("?returnUrl=https%3A%2F%2Fevil.example", "/t/acme/")]
    public async Task ReturnUrl_AfterSignIn_LeadsOnlyInsideTheTenant(string query, string expected)
    {
        var visitor = await ArriveAsync();

        var password = await (await visitor.OpenSignInAsync(query: query)).ContinueAsync("user@acme.example");
        await password.SubmitRefusedAsync();
        var home = await password.SignInAsync();

        await Expect(home.Page).ToHaveURLAsync(Portal.Address(expected));
    }

    private Task AgeFlowsAsync() => Portal.ChangeAsync("acme", (database, _) => database.Flows.ExecuteUpdateAsync(
        update => update.SetProperty(flow => flow.ExpiresAt, flow => Portal.Clock.GetUtcNow() - TimeSpan.FromSeconds(1))));

    public sealed class InCircuit(Portal portal, Chromium chromium) : Flows(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : Flows(portal, chromium, Way.BeforeCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Flows(portal, chromium, Way.WithoutJavaScript);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : Flows(portal, chromium, Way.WithWebSocketsBlocked);
}
