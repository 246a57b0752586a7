using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>The whole life of a passkey, with the browser's own authenticator: in the circuit, before it and where it is blocked.</summary>
public abstract class Passkeys(Portal portal, Chromium chromium, Way way) : PasskeyStory(portal, chromium, way)
{
    [Fact]
    public async Task Passkey_AddedOnTheAccountPage_SignsInFromTheSuggestionsAndIsRemoved()
    {
        await AddTenantAsync("own");
        var (tab, authenticator) = await EnterAsync("own");
        var security = await (await AddPasskeyPage.OpenAsync(tab, "own")).CreateAsync(new SecurityPage(tab));
        await Expect(tab.Page.GetByText("Your passkey has been added.")).ToBeVisibleAsync();
        var item = security.Authenticator("Passkey");
        await Expect(item).ToContainTextAsync("on one device");
        Assert.Single(await authenticator.CredentialsAsync());
        await RenameAsync(security, "Passkey", "Laptop <b>");

        // Nothing is clicked: the passkey is among the suggestions of the field.
        await LeaveAsync(tab);
        await tab.GoToAndLeaveAsync("/t/own/sign-in");
        await new HomePage(tab).ShownAsync();
        Assert.Equal(["hwk", "user", "mfa"], await NewestMethodsAsync("own"));

        security = await SecurityPage.OpenAsync(tab, "own");
        await Expect(security.Authenticator("Laptop <b>")).ToContainTextAsync("last used");
        await security.RemoveAsync("Laptop <b>");
        await Expect(tab.Page.GetByText("You have no passkey yet.")).ToBeVisibleAsync();

        // The browser was told which passkeys are accepted, and has forgotten this one.
        await authenticator.ExpectCountAsync(0);
    }

    [Fact]
    public async Task Passkey_Button_SignsInAfterTheAddressAndWithoutIt()
    {
        await AddTenantAsync("button");
        var (tab, _) = await EnterAsync("button", suggests: false);
        await (await AddPasskeyPage.OpenAsync(tab, "button")).CreateAsync(new SecurityPage(tab));
        await LeaveAsync(tab);
        await (await tab.OpenSignInAsync("button")).ContinueAsync("user@button.example");
        await PasskeyButton(tab).ClickAsync();
        await new HomePage(tab).ShownAsync();

        await LeaveAsync(tab);
        await tab.OpenSignInAsync("button");
        await PasskeyButton(tab).ClickAsync();
        await new HomePage(tab).ShownAsync();
    }

    [Fact]
    public async Task Passkey_Suggested_NeverBlocksTyping()
    {
        await AddTenantAsync("typing");
        var (tab, authenticator) = await EnterAsync("typing");
        await (await AddPasskeyPage.OpenAsync(tab, "typing")).CreateAsync(new SecurityPage(tab));
        await authenticator.TouchAsync(false);
        await LeaveAsync(tab);
        await tab.Page.RunAndWaitForResponseAsync(() => tab.GoToAsync("/t/typing/sign-in"), "**/passkey/options");
        var signIn = await new SignInPage(tab).ShownAsync();

        await signIn.AddressField.PressSequentiallyAsync("user@typing.example");
        await Expect(signIn.AddressField).ToHaveValueAsync("user@typing.example");
        await signIn.ContinueAsync();
    }

    [Fact]
    public async Task SecurityKey_WithoutVerification_IsTheSecondFactorAndNothingElse()
    {
        await AddTenantAsync("key");
        var (tab, _) = await EnterAsync("key", isResident: false, verifies: false, isPlatform: false);
        var codes = await (await AddPasskeyPage.OpenAsync(tab, "key")).CreateAsync(new RecoveryCodesPage(tab));
        Assert.Equal(10, (await codes.ReadAsync()).Count);
        var security = await codes.ReturnAsync();
        await Expect(security.Authenticator("Passkey")).ToContainTextAsync("after the password only");
        await Expect(tab.Page.GetByText("10 codes are left.")).ToBeVisibleAsync();

        await LeaveAsync(tab);
        var password = await (await tab.OpenSignInAsync("key")).ContinueAsync("user@key.example");
        await password.SubmitAsync(new MessagePage(tab, "SecondFactor.Title"));
        await Expect(tab.Page.GetByText("Confirm with your passkey or your security key.")).ToBeVisibleAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Confirm", Exact = true }).ClickAsync();

        await new HomePage(tab).ShownAsync();
        Assert.Equal(["pwd", "hwk", "user", "mfa"], await NewestMethodsAsync("key"));
    }

    [Fact]
    public async Task Passkey_WhereASecondFactorIsRequired_IsSetUpOnTheWayInAndSatisfiesIt()
    {
        await AddTenantAsync("strict", new TenantPolicy { SecondFactor = SecondFactorRequirement.Required });
        var (tab, authenticator) = await ArriveWithAsync();
        await authenticator.TouchAsync(false);
        var password = await (await tab.OpenSignInAsync("strict")).ContinueAsync("user@strict.example");
        await password.SubmitAsync(new EnrolmentPage(tab));
        await authenticator.TouchAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Create a passkey" }).ClickAsync();
        await (await new RecoveryCodesPage(tab).ShownAsync()).KeepAsync();

        await LeaveAsync(tab);
        await tab.GoToAndLeaveAsync("/t/strict/sign-in");
        await new HomePage(tab).ShownAsync();
        Assert.Equal(["hwk", "user", "mfa"], await NewestMethodsAsync("strict"));
    }

    [Fact]
    public async Task Passkey_Offered_CanBeTakenPutOffAndIsNotAskedForAgain()
    {
        await AddTenantAsync("offer");
        await Portal.AddUserAsync("offer", "other@offer.example");
        var (tab, authenticator) = await ArriveWithAsync();
        await authenticator.TouchAsync(false);
        var offer = await OfferedAsync(tab, "user@offer.example");
        var home = await offer.NotNowAsync();
        await home.SignOutAsync();
        offer = await OfferedAsync(tab, "user@offer.example");
        await (await offer.LaterAsync()).SignOutAsync();
        var password = await (await tab.OpenSignInAsync("offer")).ContinueAsync("user@offer.example");
        await (await password.SignInAsync()).SignOutAsync();

        offer = await OfferedAsync(tab, "other@offer.example");
        await authenticator.TouchAsync();
        home = await offer.CreateAsync(new HomePage(tab));
        await authenticator.TouchAsync(false);
        await home.SignOutAsync();
        password = await (await tab.OpenSignInAsync("offer")).ContinueAsync("other@offer.example");
        await password.SignInAsync();
    }

    [Fact]
    public async Task Passkey_BrowserThatMakesOneByItself_IsTakenWithoutAsking()
    {
        await AddTenantAsync("auto");
        var visitor = await ArriveAsync();

        // The browser creates one by itself only beside a password that its own manager filled in, which a browser without a window has not.
        await visitor.Context.AddInitScriptAsync(
            """
            if (window.CredentialsContainer) {
              const create = CredentialsContainer.prototype.create;
              CredentialsContainer.prototype.create = function ({ mediation, ...options }) {
                return mediation === 'conditional' ? create.call(this, options) : Promise.reject(new Error('The person would be asked.'));
              };
            }
            """);
        var tab = await visitor.OpenTabAsync();
        var authenticator = await VirtualAuthenticator.PlugInAsync(tab);
        var password = await (await tab.OpenSignInAsync("auto")).ContinueAsync("user@auto.example");

        await password.SubmitAsync(new HomePage(tab));

        Assert.Single(await authenticator.CredentialsAsync());
        Assert.Equal("A passkey was added to your account", (await Portal.ReadMailsAsync("user@auto.example"))[^1].Subject);
    }

    [Fact]
    public async Task Passkey_AddedLongAfterSigningIn_NeedsAFreshSignIn()
    {
        await AddTenantAsync("fresh");
        var (tab, authenticator) = await EnterAsync("fresh");
        await authenticator.TouchAsync(false);
        Portal.Clock.Advance(TimeSpan.FromMinutes(16));
        await tab.GoToAsync("/t/fresh/account/passkeys/add");
        var signIn = await (await new StepUpPage(tab).ShownAsync()).SignInAgainAsync();
        var add = await (await signIn.ContinueAsync()).SubmitAsync(new AddPasskeyPage(tab));
        await authenticator.TouchAsync();

        await add.CreateAsync(new SecurityPage(tab));

        Assert.Single(await authenticator.CredentialsAsync());
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Passkeys(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : Passkeys(portal, chromium, Way.BeforeCircuit);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : Passkeys(portal, chromium, Way.WithWebSocketsBlocked);
}
