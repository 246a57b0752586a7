using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>What can go wrong with a passkey, and what is said then.</summary>
public abstract class PasskeyTroubles(Portal portal, Chromium chromium, Way way) : PasskeyStory(portal, chromium, way)
{
    private const string Cancelled = "Nothing was confirmed. Try again, or use another way.";
    private const string WrongKey = "This device or key cannot do that. Try another one.";
    private const string Failed = "That did not work. Reload the page and try again, or use another way.";

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
    public async Task Passkey_TimedOutOrWithTheWrongKey_IsSaidInItsOwnWords()
    {
        await AddTenantAsync("late");
        var (tab, authenticator) = await EnterAsync("late", suggests: false);
        var add = await AddPasskeyPage.OpenAsync(tab, "late");
        await authenticator.VerifyAsync(false);
        await tab.Page.EvaluateAsync("() => { let asked = Date.now(); Date.now = () => asked += 5 * 60_000; }");

        await add.CreateButton.ClickAsync();

        await Expect(add.Problem).ToHaveTextAsync("That took too long. Try again when your device or key is at hand.");

        // What a browser says of a key that cannot do what is needed; Chromium's own authenticator says it with less.
        foreach (var (name, words) in new[] { ("ConstraintError", WrongKey), ("NotSupportedError", WrongKey), ("UnknownError", Failed) })
        {
            await tab.Page.EvaluateAsync("name => { CredentialsContainer.prototype.create = async () => { throw new DOMException('', name); }; }", name);
            await add.CreateButton.ClickAsync();
            await Expect(add.Problem).ToHaveTextAsync(words);
        }
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

    public sealed class InCircuit(Portal portal, Chromium chromium) : PasskeyTroubles(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : PasskeyTroubles(portal, chromium, Way.BeforeCircuit);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : PasskeyTroubles(portal, chromium, Way.WithWebSocketsBlocked);
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
