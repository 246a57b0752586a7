using System.Text.RegularExpressions;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>Too many wrong passwords in a row.</summary>
public abstract class Throttling(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    [Fact]
    public async Task SignIn_TooManyWrongPasswords_WaitsAndThenTakesTheRightOne()
    {
        await Portal.AddUserAsync("acme", "hasty@acme.example");
        await GuessUntilTheWaitAsync("hasty@acme.example");
    }

    [Fact]
    public async Task SignIn_TooManyWrongPasswordsForUnknownAddress_WaitsAlike()
    {
        var password = await GuessAsync("nobody@acme.example");
        await ExpectWaitAsync(password);
    }

    private static async Task ExpectWaitAsync(PasswordPage password)
    {
        await password.PasswordField.ExpectProblemAsync("Too many tries in a row. Please wait, then try again.");
        await Expect(password.Page.GetByText(new Regex("You can try again in [0-9]+ seconds?."))).ToBeVisibleAsync();
    }

    private async Task<PasswordPage> GuessAsync(string address)
    {
        var visitor = await ArriveAsync();
        visitor.Provoke("status of 429");
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync(address);
        for (var guesses = 0; guesses < 6; guesses++)
        {
            await password.SubmitRefusedAsync();
        }

        return password;
    }

    private async Task GuessUntilTheWaitAsync(string address)
    {
        var password = await GuessAsync(address);
        await ExpectWaitAsync(password);
        await password.SubmitRefusedAsync(Core.Setup.DemoData.Password);
        await ExpectWaitAsync(password);

        Portal.Clock.Advance(TimeSpan.FromSeconds(16));

        await password.SignInAsync();
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Throttling(portal, chromium, Way.InCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Throttling(portal, chromium, Way.WithoutJavaScript);
}
