using LoginPortal.Core.Setup;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.Nodes.Tests.Fixtures;

/// <summary>Signing in with a browser that has script.</summary>
internal static class SignInPages
{
    /// <summary>Opens the sign-in page and waits for its circuit.</summary>
    public static async Task OpenAsync(IPage page, Uri origin)
    {
        await page.GotoAsync(new Uri(origin, "/t/acme/sign-in").ToString());
        await Expect(page.Locator("[data-interactive]")).ToBeVisibleAsync();
    }

    /// <summary>Says who is there, and goes on to the password.</summary>
    public static async Task IdentifyAsync(IPage page, string address)
    {
        await page.Locator("input[name='username']").FillAsync(address);
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("input[name='password']")).ToBeVisibleAsync();
    }

    public static async Task EnterPasswordAsync(IPage page)
    {
        await page.Locator("input[name='password']").FillAsync(DemoData.Password);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync(url => !url.Contains("/sign-in", StringComparison.Ordinal));
    }

    public static async Task SignInAsync(IPage page, Uri origin, string address)
    {
        await OpenAsync(page, origin);
        await IdentifyAsync(page, address);
        await EnterPasswordAsync(page);
    }
}
