using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>A circuit says while a new password is typed how good it is.</summary>
public sealed class NewPasswords(Portal portal, Chromium chromium) : Story(portal, chromium, Way.InCircuit), IClassFixture<Portal>
{
    /// <summary>More keys are pressed before the server has answered to the first, as on a slow line.</summary>
    [Fact]
    public async Task NewPassword_TypedFasterThanTheServerAnswers_IsKept()
    {
        await Portal.AddUserAsync("acme", "hasty-chooser@acme.example", user => user.PasswordChangeRequired = true);
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("hasty-chooser@acme.example");
        var change = await password.SubmitAsync(new PasswordChangePage(password.Tab));

        await change.PasswordField.EvaluateAsync(
            """
            field => {
              field.value = 'seven';
              field.dispatchEvent(new InputEvent('input', { bubbles: true }));
              field.value = 'seven-lamps';
            }
            """);

        await Expect(change.Notice).ToContainTextAsync("Strength:");
        await Expect(change.PasswordField).ToHaveValueAsync("seven-lamps");
    }

    [Fact]
    public async Task NewPassword_WhileItIsTyped_IsJudged()
    {
        await Portal.AddUserAsync("acme", "chooser@acme.example", user => user.PasswordChangeRequired = true);
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("chooser@acme.example");
        var change = await password.SubmitAsync(new PasswordChangePage(password.Tab));

        await change.PasswordField.PressSequentiallyAsync("password");
        await Expect(change.Notice).ToHaveTextAsync("Strength: very easy to guess");
        await Expect(change.Page.GetByText("at least 15 characters")).ToContainTextAsync("(not met yet)");

        await change.PasswordField.FillAsync("seven-lamps-under-the-harbour");
        await Expect(change.Notice).ToHaveTextAsync("Strength: strong");
        await Expect(change.Page.GetByText("at least 15 characters")).ToContainTextAsync("(met)");
        await Expect(change.PasswordField).ToHaveValueAsync("seven-lamps-under-the-harbour");
        await Expect(change.PasswordField).ToBeFocusedAsync();
    }
}
