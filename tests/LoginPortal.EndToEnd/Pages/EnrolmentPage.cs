using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>A second factor has to be set up, or may be.</summary>
public sealed class EnrolmentPage(Tab tab) : PortalPage(tab)
{
    public ILocator CodeField => Field("Field.Code");

    public ILocator SubmitButton => Button("Enrolment.Submit");

    public ILocator PostponeButton => Button("Enrolment.Postpone");

    protected override ILocator Landmark => SubmitButton;

    public async Task<RecoveryCodesPage> ConfirmAsync(string code)
    {
        await CodeField.FillAsync(code);
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
