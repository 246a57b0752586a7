using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>Opening the account that one is invited to.</summary>
public sealed class AcceptInvitationPage(Tab tab) : PortalPage(tab)
{
    public ILocator PasswordField => Field("NewPassword.Label");

    protected override ILocator Landmark => Titled("Invitation.Title");

    public async Task<TPage> AcceptAsync<TPage>(string password, TPage next)
        where TPage : PortalPage
    {
        await PasswordField.FillAsync(password);
        await Button("Register.Submit").ClickAsync();
        return await next.ShownAsync();
    }
}

/// <summary>Asking for another address.</summary>
public sealed class AddressPage(Tab tab) : PortalPage(tab)
{
    public ILocator AddressField => Field("Address.New");

    protected override ILocator Landmark => Titled("Address.Title");

    public async Task<TPage> AskAsync<TPage>(string address, TPage next)
        where TPage : PortalPage
    {
        await AddressField.FillAsync(address);
        await Button("Address.Submit").ClickAsync();
        return await next.ShownAsync();
    }
}

/// <summary>A page of a mailed link with nothing but a question and a button, both named by the key of its title.</summary>
public sealed class QuestionPage(Tab tab, string key) : PortalPage(tab)
{
    protected override ILocator Landmark => Titled($"{key}.Title");

    public async Task<TPage> ConfirmAsync<TPage>(TPage next)
        where TPage : PortalPage
    {
        await Button($"{key}.Submit").ClickAsync();
        return await next.ShownAsync();
    }
}
