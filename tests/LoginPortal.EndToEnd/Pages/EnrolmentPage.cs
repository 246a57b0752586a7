using LoginPortal.EndToEnd.Fixtures;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>A second factor has to be set up, or may be: at sign-in and on the account's own page.</summary>
public sealed class EnrolmentPage(Tab tab) : PortalPage(tab)
{
    public ILocator CodeField => Field("Field.Code");

    public ILocator SubmitButton => Button("Enrolment.Submit");

    public ILocator PostponeButton => Button("Enrolment.Postpone");

    protected override ILocator Landmark => SubmitButton;

    /// <summary>Scans the QR code and confirms with the app's code.</summary>
    public async Task<RecoveryCodesPage> ConfirmAsync(string name = "") =>
        await ConfirmAsync(await AuthenticatorApp.ScanAsync(this), name);

    public async Task<RecoveryCodesPage> ConfirmAsync(AuthenticatorApp app, string name = "")
    {
        await CodeField.FillAsync(await app.NextCodeAsync());
        await Field("Enrolment.Name").FillAsync(name);
        await SubmitButton.ClickAsync();
        return await new RecoveryCodesPage(Tab).ShownAsync();
    }

    public async Task<EnrolmentPage> ConfirmRefusedAsync(string code)
    {
        await CodeField.FillAsync(code);
        await SubmitButton.ClickAsync();
        await Expect(CodeField).ToHaveAttributeAsync("aria-invalid", "true");
        return await this.ShownAsync();
    }

    public async Task<HomePage> PostponeAsync()
    {
        await PostponeButton.ClickAsync();
        return await new HomePage(Tab).ShownAsync();
    }
}
