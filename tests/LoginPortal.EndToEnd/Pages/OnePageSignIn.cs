using LoginPortal.Core.Setup;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>Address and password together.</summary>
public sealed class OnePageSignIn(Tab tab) : PortalPage(tab)
{
    public ILocator AddressField => Field("SignIn.Address");

    public ILocator PasswordField => Field("SignIn.Password");

    public ILocator SubmitButton => Button("SignIn.Submit");

    protected override ILocator Landmark => PasswordField;

    public async Task<HomePage> SignInAsync(string address, string password = DemoData.Password)
    {
        await AddressField.FillAsync(address);
        await PasswordField.FillAsync(password);
        await SubmitButton.ClickAsync();
        return await new HomePage(Tab).ShownAsync();
    }

    /// <summary>Submits what is not accepted, and waits until <paramref name="wrong"/>, by default the address, is marked.</summary>
    public async Task<OnePageSignIn> SubmitRefusedAsync(string address, string password, ILocator? wrong = null)
    {
        await AddressField.FillAsync(address);
        await PasswordField.FillAsync(password);
        await SubmitButton.ClickAsync();
        await Expect(wrong ?? AddressField).ToHaveAttributeAsync("aria-invalid", "true");
        return await this.ShownAsync();
    }
}
