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

    /// <summary>Signs in; a tenant that will require a second factor offers to set one up, which is left for another time.</summary>
    public async Task<HomePage> SignInAsync(string password = DemoData.Password)
    {
        await PasswordField.FillAsync(password);
        await SubmitButton.ClickAsync();
        var later = Button("Enrolment.Postpone");
        await Expect(later.Or(Button("Home.SignOut"))).ToBeVisibleAsync();
        if (await later.IsVisibleAsync())
        {
            await later.ClickAsync();
        }

        return await new HomePage(Tab).ShownAsync();
    }

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

    public async Task<ForgotPasswordPage> ForgotAsync()
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = Tab.Word("SignIn.Forgot"), Exact = true }).ClickAsync();
        return await new ForgotPasswordPage(Tab).ShownAsync();
    }

    public async Task<SignInPage> StartOverAsync()
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = Tab.Word("SignIn.ChangeAddress"), Exact = true }).ClickAsync();
        return await new SignInPage(Tab).ShownAsync();
    }
}
