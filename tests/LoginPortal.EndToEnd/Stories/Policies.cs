using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>What a tenant's rules or an account's state make of a sign-in.</summary>
public abstract class Policies(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string NewPassword = "seven-lamps-under-the-harbour";

    [Fact]
    public async Task OnePage_AddressAndPasswordTogether_SignsIn()
    {
        await Portal.AddTenantAsync("one-page", policy: new TenantPolicy { Identification = IdentificationLayout.OnePage });
        await Portal.AddUserAsync("one-page", "user@one-page.example");
        var visitor = await ArriveAsync();
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync("/t/one-page/sign-in");
        var page = await new OnePageSignIn(tab).ShownAsync();
        await Expect(page.AddressField).ToBeFocusedAsync();

        await page.SubmitRefusedAsync("user", PasswordPage.WrongPassword);
        await page.AddressField.ExpectProblemAsync("Enter a whole e-mail address, such as name@example.com.");
        await Expect(page.PasswordField).Not.ToHaveAttributeAsync("aria-invalid", "true");

        await page.SubmitRefusedAsync("user@one-page.example", PasswordPage.WrongPassword, page.PasswordField);
        await page.PasswordField.ExpectProblemAsync("Address and password do not match. Check both, then try again.");
        await Expect(page.AddressField).ToHaveValueAsync("user@one-page.example");
        await Expect(page.PasswordField).ToHaveValueAsync("");

        var home = await page.SignInAsync("user@one-page.example");
        await Expect(home.Heading).ToHaveTextAsync("Hello, user@one-page.example");
    }

    [Fact]
    public async Task OnePage_AnotherAddressAfterWrongPassword_SignsThatOneIn()
    {
        await Portal.AddTenantAsync("one-page-two", policy: new TenantPolicy { Identification = IdentificationLayout.OnePage });
        await Portal.AddUserAsync("one-page-two", "other@one-page.example");
        var visitor = await ArriveAsync();
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync("/t/one-page-two/sign-in");
        var page = await new OnePageSignIn(tab).ShownAsync();

        await page.SubmitRefusedAsync("nobody@one-page.example", PasswordPage.WrongPassword, page.PasswordField);
        var home = await page.SignInAsync("other@one-page.example");

        await Expect(home.Heading).ToHaveTextAsync("Hello, other@one-page.example");
    }

    [Fact]
    public async Task PasswordChange_Required_RefusesBadOnesAndSignsInWithTheNew()
    {
        await Portal.AddUserAsync("acme", "change@acme.example", user => user.PasswordChangeRequired = true);
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("change@acme.example");

        var change = await password.SubmitAsync(new PasswordChangePage(password.Tab));
        await Expect(change.PasswordField).ToBeFocusedAsync();
        await change.ChangeRefusedAsync("short");
        await ExpectProblemToBeginAsync(change, "It is too short.");
        await change.ChangeRefusedAsync(Core.Setup.DemoData.Password);
        await ExpectProblemToBeginAsync(change, "That is your present password. Choose a new one.");
        await change.ChangeAsync(NewPassword);

        var again = await ArriveAsync();
        var home = await (await (await again.OpenSignInAsync()).ContinueAsync("change@acme.example")).SignInAsync(NewPassword);
        await Expect(home.Heading).ToHaveTextAsync("Hello, change@acme.example");
    }

    [Fact]
    public async Task PasswordChange_Reloaded_StaysWhereItWas()
    {
        await Portal.AddUserAsync("acme", "change-later@acme.example", user => user.PasswordChangeRequired = true);
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("change-later@acme.example");
        var change = await password.SubmitAsync(new PasswordChangePage(password.Tab));

        await change.Tab.ReloadAsync(change);

        await change.ChangeAsync(NewPassword);
    }

    [Fact]
    public async Task Address_NotVerified_AsksForThat()
    {
        await Portal.AddUserAsync("acme", "unverified@acme.example", user => user.EmailConfirmed = false);
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("unverified@acme.example");

        var page = await password.SubmitAsync(new MessagePage(password.Tab, "EmailVerification.Title"));

        await Expect(page.Page.GetByText("A message is on its way to unverified@acme.example.")).ToBeVisibleAsync();
        await page.Tab.ReloadAsync(page);
        await (await (await page.StartOverAsync()).ContinueAsync("user@acme.example")).SignInAsync();
    }

    [Fact]
    public async Task Address_NotVerifiedAndPasswordWrong_SaysNothingOfThat()
    {
        await Portal.AddUserAsync("acme", "unverified-too@acme.example", user => user.EmailConfirmed = false);
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("unverified-too@acme.example");

        await password.SubmitRefusedAsync();

        await password.PasswordField.ExpectProblemAsync("Address and password do not match. Check both, then try again.");
    }

    [Fact]
    public async Task Account_Disabled_IsAnsweredAsWrongPassword()
    {
        await Portal.AddUserAsync("acme", "disabled@acme.example", user => user.DisabledAt = Portal.Clock.GetUtcNow());
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("disabled@acme.example");

        await password.SubmitRefusedAsync(Core.Setup.DemoData.Password);

        await password.PasswordField.ExpectProblemAsync("Address and password do not match. Check both, then try again.");
    }

    private static async Task ExpectProblemToBeginAsync(PasswordChangePage change, string words)
    {
        await Expect(change.Page.GetByRole(Microsoft.Playwright.AriaRole.Alert)).ToContainTextAsync(words);
        await Expect(change.PasswordField).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(change.PasswordField).ToBeFocusedAsync();
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Policies(portal, chromium, Way.InCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Policies(portal, chromium, Way.WithoutJavaScript);
}
