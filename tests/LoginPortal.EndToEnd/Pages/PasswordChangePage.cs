using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>A new password has to be chosen before the sign-in goes on.</summary>
public sealed class PasswordChangePage(Tab tab) : PortalPage(tab)
{
    public ILocator PasswordField => Field("NewPassword.Label");

    public ILocator SubmitButton => Button("PasswordChange.Submit");

    protected override ILocator Landmark => SubmitButton;

    public async Task<HomePage> ChangeAsync(string password)
    {
        await PasswordField.FillAsync(password);
        await SubmitButton.ClickAsync();
        return await new HomePage(Tab).ShownAsync();
    }

    public async Task<PasswordChangePage> ChangeRefusedAsync(string password)
    {
        await PasswordField.FillAsync(password);
        await SubmitButton.ClickAsync();
        await Expect(PasswordField).ToHaveAttributeAsync("aria-invalid", "true");
        return await this.ShownAsync();
    }
}
