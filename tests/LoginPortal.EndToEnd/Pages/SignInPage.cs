using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>The first step: who are you?</summary>
public sealed class SignInPage(Tab tab) : PortalPage(tab)
{
    public ILocator AddressField => Field("SignIn.Address");

    public ILocator ContinueButton => Button("SignIn.Continue");

    protected override ILocator Landmark => ContinueButton;

    public async Task<PasswordPage> ContinueAsync(string address)
    {
        await AddressField.FillAsync(address);
        return await ContinueAsync();
    }

    public async Task<RegisterPage> RegisterAsync()
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = Tab.Word("SignIn.Register"), Exact = true }).ClickAsync();
        return await new RegisterPage(Tab).ShownAsync();
    }

    public async Task<PasswordPage> ContinueAsync()
    {
        await ContinueButton.ClickAsync();
        return await new PasswordPage(Tab).ShownAsync();
    }

    /// <summary>Continues with what cannot be an address.</summary>
    public async Task<SignInPage> ContinueMalformedAsync(string address)
    {
        await AddressField.FillAsync(address);
        await ContinueButton.ClickAsync();
        await Expect(AddressField).ToHaveAttributeAsync("aria-invalid", "true");
        return await this.ShownAsync();
    }
}
