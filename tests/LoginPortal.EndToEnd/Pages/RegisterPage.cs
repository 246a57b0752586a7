using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>Opening an account.</summary>
public sealed class RegisterPage(Tab tab) : PortalPage(tab)
{
    public ILocator AddressField => Field("SignIn.Address");

    public ILocator PasswordField => Field("NewPassword.Label");

    public ILocator TermsField => Page.GetByLabel(Tab.Word("Register.AcceptTerms"), new() { Exact = true });

    protected override ILocator Landmark => Button("Register.Submit");

    public ILocator CustomField(string label) => Page.GetByLabel(label, new() { Exact = true });

    /// <summary>Sends what is in the form, and waits for the mail to be announced.</summary>
    public async Task<EmailVerificationPage> SubmitAsync()
    {
        await Button("Register.Submit").ClickAsync();
        return await new EmailVerificationPage(Tab, "RegistrationSent.Title").ShownAsync();
    }

    public async Task<EmailVerificationPage> RegisterAsync(string address, string password)
    {
        await AddressField.FillAsync(address);
        await PasswordField.FillAsync(password);
        return await SubmitAsync();
    }

    /// <summary>Sends what is in the form, which is refused for this field.</summary>
    public async Task<RegisterPage> SubmitRefusedAsync(ILocator field)
    {
        await Button("Register.Submit").ClickAsync();
        await Expect(field).ToHaveAttributeAsync("aria-invalid", "true");
        return await this.ShownAsync();
    }
}
