using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>A circuit says while a new password is typed how good it is.</summary>
public sealed class NewPasswords(Portal portal, Chromium chromium) : Story(portal, chromium, Way.InCircuit), IClassFixture<Portal>
{
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
