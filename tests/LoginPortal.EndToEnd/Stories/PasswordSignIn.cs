using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>Signing in with address and password, and what is said when something does not fit.</summary>
public abstract class PasswordSignIn(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string NoMatch = "Address and password do not match. Check both, then try again.";

    [Fact]
    public async Task SignIn_RightPassword_ShowsHome()
    {
        var visitor = await ArriveAsync();

        var start = await visitor.OpenSignInAsync();
        await Expect(start.Heading).ToHaveTextAsync("Welcome to Acme");
        await Expect(start.AddressField).ToBeFocusedAsync();
        var password = await start.ContinueAsync("user@acme.example");
        await Expect(password.Address).ToHaveTextAsync("user@acme.example");
        await Expect(password.PasswordField).ToBeFocusedAsync();
        var home = await password.SignInAsync();

        await Expect(home.Heading).ToHaveTextAsync("Hello, Uma User");
        await Expect(home.Page).ToHaveURLAsync(Portal.Address("/t/acme/"));
        await Expect(home.Page).ToHaveTitleAsync("Your account · Acme");
    }

    [Fact]
    public async Task SignIn_WrongPassword_SaysSoAndKeepsAddress()
    {
        var visitor = await ArriveAsync();

        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await password.SubmitRefusedAsync();

        await password.PasswordField.ExpectProblemAsync(NoMatch);
        await Expect(password.Address).ToHaveTextAsync("user@acme.example");
        await password.SignInAsync();
    }

    [Fact]
    public async Task SignIn_UnknownAddress_SaysTheSameAsForWrongPassword()
    {
        var visitor = await ArriveAsync();

        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("nobody@acme.example");
        await password.SubmitRefusedAsync();

        await password.PasswordField.ExpectProblemAsync(NoMatch);
        await Expect(password.Address).ToHaveTextAsync("nobody@acme.example");
    }

    [Fact]
    public async Task SignIn_BlankPassword_AsksForOne()
    {
        var visitor = await ArriveAsync();

        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await password.SubmitRefusedAsync("");

        await password.PasswordField.ExpectProblemAsync("Enter your password.");
    }

    [Theory]
    [InlineData("user")]
    [InlineData("Uma User <user@acme.example>")]
    [InlineData("")]
    public async Task SignIn_MalformedAddress_AsksForWholeOneAndKeepsWhatWasTyped(string typed)
    {
        var visitor = await ArriveAsync();

        var start = await (await visitor.OpenSignInAsync()).ContinueMalformedAsync(typed);

        await start.AddressField.ExpectProblemAsync("Enter a whole e-mail address, such as name@example.com.");
        await Expect(start.AddressField).ToHaveValueAsync(typed);
        await start.ContinueAsync("user@acme.example");
    }

    [Fact]
    public async Task SignIn_AddressWithSpacesAndCapitals_IsTheSameAccount()
    {
        var visitor = await ArriveAsync();

        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("  USER@acme.example ");
        var home = await password.SignInAsync();

        await Expect(home.Heading).ToHaveTextAsync("Hello, Uma User");
    }

    [Fact]
    public async Task SignIn_StartOver_AsksForAddressAgain()
    {
        var visitor = await ArriveAsync();

        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        var start = await password.StartOverAsync();
        var home = await (await start.ContinueAsync("admin@acme.example")).SignInAsync();

        await Expect(home.Heading).ToHaveTextAsync("Hello, Adam Admin");
    }

    [Fact]
    public async Task SignIn_SignedInAlready_GoesHome()
    {
        var visitor = await ArriveAsync();
        await visitor.SignInAsync("user@acme.example");

        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync("/t/acme/sign-in");

        await new HomePage(tab).ShownAsync();
    }

    [Fact]
    public async Task SignIn_KeyboardOnly_ReachesHome()
    {
        var visitor = await ArriveAsync();
        var start = await visitor.OpenSignInAsync();

        await start.Page.Keyboard.TypeAsync("user@acme.example");
        await start.Page.Keyboard.PressAsync("Enter");
        var password = await new PasswordPage(start.Tab).ShownAsync();
        await Expect(password.PasswordField).ToBeFocusedAsync();
        await password.Page.Keyboard.TypeAsync("blue-kettle-walks-at-noon");
        await TabToAsync(password, password.RememberBox);
        await password.Page.Keyboard.PressAsync("Space");
        await TabToAsync(password, password.SubmitButton);
        await password.Page.Keyboard.PressAsync("Enter");

        var home = await new HomePage(password.Tab).ShownAsync();
        Assert.Contains(await visitor.Context.CookiesAsync(), cookie => cookie.Name == "__Host-portal.session.acme" && cookie.Expires > 0);
        await TabToAsync(home, home.Page.GetByRole(AriaRole.Link, new() { Name = "Skip to content" }));
    }

    private static async Task TabToAsync(PortalPage page, ILocator wanted)
    {
        for (var presses = 0; presses < 10; presses++)
        {
            await page.Page.Keyboard.PressAsync("Tab");
            if (await wanted.EvaluateAsync<bool>("element => element === document.activeElement"))
            {
                return;
            }
        }

        Assert.Fail($"The Tab key does not reach {wanted}.");
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : PasswordSignIn(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : PasswordSignIn(portal, chromium, Way.BeforeCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : PasswordSignIn(portal, chromium, Way.WithoutJavaScript);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : PasswordSignIn(portal, chromium, Way.WithWebSocketsBlocked);
}
