using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>There is no room for a circuit: the pages do without, and do not even load its script.</summary>
public sealed class FullHouse(FullPortal portal, Chromium chromium)
    : Story(portal, chromium, Way.BeforeCircuit), IClassFixture<FullPortal>
{
    [Fact]
    public async Task SignIn_NoRoomForCircuit_WorksWithoutItsScript()
    {
        var visitor = await ArriveAsync();

        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await password.SubmitRefusedAsync();
        await password.PasswordField.ExpectProblemAsync("Address and password do not match. Check both, then try again.");
        var home = await password.SignInAsync();

        await Expect(home.Page.Locator(".page")).Not.ToHaveAttributeAsync("data-interactive", "true");
        Assert.DoesNotContain(visitor.Addresses, address => address.Contains("blazor", StringComparison.OrdinalIgnoreCase));
        await new HomePage(home.Tab).SignOutAsync();
    }
}
