using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>The whole life of a passkey, with the browser's own authenticator: in the circuit, before it and where it is blocked.</summary>
public abstract class Passkeys(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string Cancelled = "Nothing was confirmed. Try again, or use another way.";

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
    public async Task Passkey_ThatNobodyKnows_IsRefusedAndForgottenByTheBrowser()
    {
        await AddTenantAsync("gone");
        var (tab, authenticator) = await EnterAsync("gone", suggests: false);
        await (await AddPasskeyPage.OpenAsync(tab, "gone")).CreateAsync(new SecurityPage(tab));
        await LeaveAsync(tab);
        await Portal.ChangeAsync("gone", (database, _) => database.Passkeys.ExecuteDeleteAsync());
        await tab.OpenSignInAsync("gone");
        await PasskeyButton(tab).ClickAsync();

        await Expect(tab.Page.GetByText("This passkey belongs to no account here.")).ToBeVisibleAsync();

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
    public async Task Passkey_CancelledOrThereAlready_IsSaidInItsOwnWords()
    {
        await AddTenantAsync("words");
        var (tab, authenticator) = await EnterAsync("words", suggests: false);
        var add = await AddPasskeyPage.OpenAsync(tab, "words");
        await authenticator.VerifyAsync(false);
        await add.CreateButton.ClickAsync();
        await Expect(add.Problem).ToHaveTextAsync(Cancelled);
        await Expect(add.CreateButton).ToBeEnabledAsync();
        await authenticator.VerifyAsync(true);
        await add.CreateAsync(new SecurityPage(tab));

        add = await AddPasskeyPage.OpenAsync(tab, "words");
        await add.CreateButton.ClickAsync();

        await Expect(add.Problem).ToHaveTextAsync("This device or key has a passkey for your account already.");
        await LeaveAsync(tab);
        var signIn = await tab.OpenSignInAsync("words");
        await signIn.AddressField.FillAsync("half@typ");
        await authenticator.VerifyAsync(false);
        await PasskeyButton(tab).ClickAsync();
        await Expect(add.Problem).ToHaveTextAsync(Cancelled);
        await Expect(signIn.AddressField).ToHaveValueAsync("half@typ");
    }

    [Fact]
    public async Task Passkey_Copied_IsRefusedWithAMail()
    {
        await AddTenantAsync("copy");
        var (tab, authenticator) = await EnterAsync("copy", suggests: false);
        await (await AddPasskeyPage.OpenAsync(tab, "copy")).CreateAsync(new SecurityPage(tab));
        await LeaveAsync(tab);
        await tab.OpenSignInAsync("copy");
        await PasskeyButton(tab).ClickAsync();
        await new HomePage(tab).ShownAsync();
        await LeaveAsync(tab);
        await authenticator.SetCounterAsync(0);
        await tab.OpenSignInAsync("copy");

        await PasskeyButton(tab).ClickAsync();

        await Expect(tab.Page.GetByText("there may be a copy of it")).ToBeVisibleAsync();
        Assert.Equal("A passkey of your account was refused", (await Portal.ReadMailsAsync("user@copy.example"))[^1].Subject);
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

    [Fact]
    public async Task Passkey_BrowserWithoutTheJsonFunctions_WorksAllTheSame()
    {
        await AddTenantAsync("older");
        var visitor = await ArriveAsync();
        await visitor.Context.AddInitScriptAsync(
            "if (window.PublicKeyCredential) { delete PublicKeyCredential.parseCreationOptionsFromJSON; delete PublicKeyCredential.parseRequestOptionsFromJSON; delete PublicKeyCredential.prototype.toJSON; }");
        var tab = (await visitor.SignInAsync("user@older.example", "older")).Tab;
        await VirtualAuthenticator.PlugInAsync(tab);
        await (await AddPasskeyPage.OpenAsync(tab, "older")).CreateAsync(new SecurityPage(tab));
        await LeaveAsync(tab);

        await tab.GoToAndLeaveAsync("/t/older/sign-in");

        await new HomePage(tab).ShownAsync();
    }

    [Fact]
    public async Task Passkey_BrowserWithoutPasskeys_SaysSoAndOffersThePassword()
    {
        await AddTenantAsync("none");
        var visitor = await ArriveAsync();
        await visitor.Context.AddInitScriptAsync("delete window.PublicKeyCredential;");

        var signIn = await visitor.OpenSignInAsync("none");

        await Expect(signIn.Page.GetByText("This browser has no passkeys. Everything else works.")).ToBeVisibleAsync();
        await Expect(PasskeyButton(signIn.Tab)).ToBeHiddenAsync();
        await (await signIn.ContinueAsync("user@none.example")).SignInAsync();
    }

    private static ILocator PasskeyButton(Tab tab) => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" });

    private static async Task RenameAsync(SecurityPage security, string name, string newName)
    {
        await security.RenameAsync(name, newName);
        await Expect(security.Authenticator(newName)).ToContainTextAsync("Added");
    }

    /// <summary>As if the browser had been closed in between.</summary>
    private static async Task LeaveAsync(Tab tab)
    {
        await tab.Page.GotoAsync("about:blank");
        await tab.Visitor.Context.ClearCookiesAsync();
    }

    private async Task AddTenantAsync(string slug, TenantPolicy? policy = null)
    {
        await Portal.AddTenantAsync(slug, policy: policy);
        await Portal.AddUserAsync(slug, $"user@{slug}.example");
    }

    private async Task<(Tab Tab, VirtualAuthenticator Authenticator)> ArriveWithAsync(
        bool isResident = true, bool verifies = true, bool isPlatform = true)
    {
        var tab = await (await ArriveAsync()).OpenTabAsync();
        return (tab, await VirtualAuthenticator.PlugInAsync(tab, isResident, verifies, isPlatform));
    }

    /// <summary>Somebody new, signed in with their password; what is offered then is left for another time.</summary>
    private async Task<(Tab Tab, VirtualAuthenticator Authenticator)> EnterAsync(
        string tenant, bool isResident = true, bool verifies = true, bool isPlatform = true, bool suggests = true)
    {
        var visitor = await ArriveAsync();
        if (!suggests)
        {
            await visitor.Context.AddInitScriptAsync(
                "if (window.PublicKeyCredential) { PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false); }");
        }

        var tab = (await visitor.SignInAsync($"user@{tenant}.example", tenant)).Tab;
        return (tab, await VirtualAuthenticator.PlugInAsync(tab, isResident, verifies, isPlatform));
    }

    private static async Task<AddPasskeyPage> OfferedAsync(Tab tab, string address)
    {
        var asked = tab.Page.RunAndWaitForResponseAsync(() => tab.GoToAsync("/t/offer/sign-in"), "**/passkey/options");
        await asked;
        var password = await (await new SignInPage(tab).ShownAsync()).ContinueAsync(address);
        return await password.SubmitAsync(new AddPasskeyPage(tab, "PasskeyOffer.Title"));
    }

    private Task<IReadOnlyList<string>> NewestMethodsAsync(string tenant) => Portal.InTenantAsync(
        tenant,
        async (services, _) => (await ((Core.Data.PortalDbContext)services.GetService(typeof(Core.Data.PortalDbContext))!).Sessions
            .OrderByDescending(session => session.Id).FirstAsync()).AuthenticationMethods);

    public sealed class InCircuit(Portal portal, Chromium chromium) : Passkeys(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : Passkeys(portal, chromium, Way.BeforeCircuit);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : Passkeys(portal, chromium, Way.WithWebSocketsBlocked);
}

/// <summary>Without script there are no passkeys, and everything else is there.</summary>
public sealed class PasskeysWithoutJavaScript(Portal portal, Chromium chromium)
    : Story(portal, chromium, Way.WithoutJavaScript), IClassFixture<Portal>
{
    private const string Words = "Passkeys need JavaScript. Everything else works without it.";

    [Fact]
    public async Task Pages_WithAPasskeysButton_SayCalmlyThatItNeedsScript()
    {
        var visitor = await ArriveAsync();
        var signIn = await visitor.OpenSignInAsync();
        await ExpectWordsAsync(signIn.Page);
        var password = await signIn.ContinueAsync("user@acme.example");
        await ExpectWordsAsync(signIn.Page);
        var home = await password.SignInAsync();
        await AddPasskeyPage.OpenAsync(home.Tab, "acme");
        await ExpectWordsAsync(signIn.Page);
    }

    private static async Task ExpectWordsAsync(IPage page)
    {
        await Expect(page.GetByText(Words)).ToBeVisibleAsync();
        await Expect(page.Locator("[data-passkey]")).ToBeHiddenAsync();
    }
}
