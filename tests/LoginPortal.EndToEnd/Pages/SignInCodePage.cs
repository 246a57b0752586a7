using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>A code by e-mail that stands for the password.</summary>
public sealed class SignInCodePage(Tab tab) : PortalPage(tab)
{
    public ILocator CodeField => Field("Field.Code");

    protected override ILocator Landmark => Titled("SignInCode.Title");

    public async Task<HomePage> ConfirmAsync(string code)
    {
        await SubmitAsync(code);
        return await new HomePage(Tab).ShownAsync();
    }

    public async Task<SignInCodePage> ConfirmRefusedAsync(string code)
    {
        await SubmitAsync(code);
        await Expect(CodeField).ToHaveAttributeAsync("aria-invalid", "true");
        return await this.ShownAsync();
    }

    private async Task SubmitAsync(string code)
    {
        await CodeField.FillAsync(code);
        await Button("SignIn.Submit").ClickAsync();
    }
}
