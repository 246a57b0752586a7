using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>Choosing a new password by a link.</summary>
public sealed class ResetPasswordPage(Tab tab) : PortalPage(tab)
{
    public ILocator PasswordField => Field("NewPassword.Label");

    protected override ILocator Landmark => Button("Reset.Submit");

    public async Task<SignInPage> ResetAsync(string password)
    {
        await SubmitAsync(password);
        return await new SignInPage(Tab).ShownAsync();
    }

    public async Task<ResetPasswordPage> ResetRefusedAsync(string password)
    {
        await SubmitAsync(password);
        await Expect(PasswordField).ToHaveAttributeAsync("aria-invalid", "true");
        return await this.ShownAsync();
    }

    public async Task SubmitAsync(string password)
    {
        await PasswordField.FillAsync(password);
        await Button("Reset.Submit").ClickAsync();
    }
}
