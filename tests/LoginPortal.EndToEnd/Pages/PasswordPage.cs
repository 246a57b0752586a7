using LoginPortal.Core.Setup;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>The second step: prove it.</summary>
public sealed class PasswordPage(Tab tab) : PortalPage(tab)
{
    public const string WrongPassword = "not-the-password";

    public ILocator PasswordField => Field("SignIn.Password");

    public ILocator RememberBox => Field("SignIn.Remember");

    public ILocator SubmitButton => Button("SignIn.Submit");

    public ILocator ShowButton => Button("Password.Show");

    public ILocator HideButton => Button("Password.Hide");

    /// <summary>Whom the page takes the person for.</summary>
    public ILocator Address => Page.Locator("bdi");

    protected override ILocator Landmark => Titled("SignIn.PasswordTitle");

    public Task<HomePage> SignInAsync(string password = DemoData.Password) => SubmitAsync(new HomePage(Tab), password);

    /// <summary>Submits a password that leads to <paramref name="next"/>.</summary>
    public async Task<TPage> SubmitAsync<TPage>(TPage next, string password = DemoData.Password)
        where TPage : PortalPage
    {
        await PasswordField.FillAsync(password);
        await SubmitButton.ClickAsync();
        return await next.ShownAsync();
    }

    /// <summary>Submits a password that is not accepted.</summary>
    public async Task<PasswordPage> SubmitRefusedAsync(string password = WrongPassword)
    {
        await PasswordField.FillAsync(password);
        await SubmitButton.ClickAsync();
        await Expect(PasswordField).ToHaveValueAsync("");
        await Expect(PasswordField).ToHaveAttributeAsync("aria-invalid", "true");
        return await this.ShownAsync();
    }

    public async Task<SignInPage> StartOverAsync()
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = Tab.Word("SignIn.ChangeAddress"), Exact = true }).ClickAsync();
        return await new SignInPage(Tab).ShownAsync();
    }
}
