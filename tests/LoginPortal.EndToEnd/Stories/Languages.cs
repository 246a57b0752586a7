using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>Signing in as somebody who reads German.</summary>
public abstract class Languages(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string NoMatch = "Adresse und Passwort passen nicht zusammen. Prüfen Sie beides und versuchen Sie es noch einmal.";

    [Fact]
    public async Task SignIn_GermanBrowser_IsGermanThroughout()
    {
        var visitor = await ArriveAsync(options => options.Locale = "de-DE");

        var start = await visitor.OpenSignInAsync();
        await Expect(start.Heading).ToHaveTextAsync("Willkommen bei Acme");
        await Expect(start.Page.Locator("html")).ToHaveAttributeAsync("lang", "de");
        var password = await start.ContinueAsync("user@acme.example");
        await password.SubmitRefusedAsync();
        await password.PasswordField.ExpectProblemAsync(NoMatch);
        var home = await password.SignInAsync();

        await Expect(home.Heading).ToHaveTextAsync("Hallo, Uma User");
        await Expect((await home.SignOutAsync()).Notice).ToHaveTextAsync("Sie sind abgemeldet.");
    }

    [Fact]
    public async Task SignIn_LanguageSwitchedAtPassword_KeepsFlow()
    {
        var visitor = await ArriveAsync();

        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await password.SwitchLanguageAsync(password, "Deutsch", "de");
        await Expect(password.Heading).ToHaveTextAsync("Passwort eingeben");
        await Expect(password.Address).ToHaveTextAsync("user@acme.example");
        await password.SubmitRefusedAsync();
        await password.PasswordField.ExpectProblemAsync(NoMatch);
        var home = await password.SignInAsync();

        await Expect(home.Heading).ToHaveTextAsync("Hallo, Uma User");
    }

    [Fact]
    public async Task SignIn_LanguageChosenBefore_IsRemembered()
    {
        var visitor = await ArriveAsync();
        var start = await visitor.OpenSignInAsync();
        await start.SwitchLanguageAsync(start, "Deutsch", "de");

        var tab = await visitor.OpenTabAsync();
        tab.Language = "de";
        var again = await tab.OpenSignInAsync("globex");

        await Expect(again.Page.Locator("html")).ToHaveAttributeAsync("lang", "de");
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Languages(portal, chromium, Way.InCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Languages(portal, chromium, Way.WithoutJavaScript);
}
