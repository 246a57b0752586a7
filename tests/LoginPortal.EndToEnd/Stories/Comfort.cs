using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>What script adds to a page, with and without a circuit.</summary>
public abstract class Comfort(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string Press =
        "(field, on) => field.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true, key: 'a', modifierCapsLock: on }))";

    [Fact]
    public async Task ShowPassword_Pressed_ShowsAndHidesIt()
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await password.PasswordField.FillAsync("blue-kettle-walks-at-noon");

        await password.ShowButton.ClickAsync();
        await Expect(password.PasswordField).ToHaveAttributeAsync("type", "text");
        await Expect(password.HideButton).ToHaveAttributeAsync("aria-pressed", "true");

        await password.HideButton.ClickAsync();
        await Expect(password.PasswordField).ToHaveAttributeAsync("type", "password");
        await password.ShowButton.ClickAsync();
        await password.SubmitButton.ClickAsync();
        await new HomePage(password.Tab).ShownAsync();
    }

    [Fact]
    public async Task ShowPassword_AfterWrongPassword_StillWorks()
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await password.SubmitRefusedAsync();

        await password.ShowButton.ClickAsync();

        await Expect(password.PasswordField).ToHaveAttributeAsync("type", "text");
    }

    [Fact]
    public async Task CapsLock_On_IsSaidWhileItIs()
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        var hint = password.Page.GetByText("Caps Lock is on.");
        await Expect(hint).ToBeHiddenAsync();

        await password.PasswordField.EvaluateAsync(Press, true);
        await Expect(hint).ToBeVisibleAsync();

        await password.PasswordField.EvaluateAsync(Press, false);
        await Expect(hint).ToBeHiddenAsync();
    }

    [Fact]
    public async Task Submit_PressedTwice_SendsOnce()
    {
        await Portal.AddUserAsync("acme", "impatient@acme.example");
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("impatient@acme.example");
        await password.PasswordField.FillAsync("blue-kettle-walks-at-noon");

        await password.SubmitButton.DblClickAsync();

        await new HomePage(password.Tab).ShownAsync();
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Comfort(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : Comfort(portal, chromium, Way.BeforeCircuit);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : Comfort(portal, chromium, Way.WithWebSocketsBlocked);
}
