using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>An application that people are handed to: it says who is signed in there, and what came of what it was asked for.</summary>
public sealed class ApplicationPage(Tab tab) : PortalPage(tab)
{
    public ILocator Who => Page.Locator("#who");

    public ILocator Result => Page.Locator("#result");

    protected override ILocator Landmark => Who.Or(Result).First;

    protected override bool OffersCircuit => false;

    public Task ExpectWhoAsync(string words) => Expect(Who).ToContainTextAsync(words);

    public Task ExpectResultAsync(string words) => Expect(Result).ToHaveTextAsync(words);

    /// <summary>Opens an address of the application and reads what comes of it.</summary>
    public async Task ExpectResultAsync(string address, string words)
    {
        await Page.GotoAsync(address);
        await ExpectResultAsync(words);
    }
}

/// <summary>An application of somebody else asks for access.</summary>
public sealed class ConsentPage(Tab tab) : PortalPage(tab)
{
    protected override ILocator Landmark => Button("Consent.Agree");

    public async Task<ApplicationPage> AgreeAsync()
    {
        await Button("Consent.Agree").ClickAsync();
        return await new ApplicationPage(Tab).ShownAsync();
    }

    public async Task<ApplicationPage> DeclineAsync()
    {
        await Button("Consent.Decline").ClickAsync();
        return await new ApplicationPage(Tab).ShownAsync();
    }
}

/// <summary>The applications that have access to one's account.</summary>
public sealed class ApplicationsPage(Tab tab) : PortalPage(tab)
{
    protected override ILocator Landmark => Titled("Applications.Title");

    public static async Task<ApplicationsPage> OpenAsync(Tab tab, string tenant = "acme")
    {
        ArgumentNullException.ThrowIfNull(tab);
        await tab.GoToAsync($"/t/{tenant}/account/applications");
        return await new ApplicationsPage(tab).ShownAsync();
    }

    public async Task<ApplicationsPage> RevokeAsync(string name)
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = $"{Tab.Word("Applications.Revoke")} {name}", Exact = true }).ClickAsync();
        await Expect(Page.GetByText(name)).ToHaveCountAsync(0);
        return await this.ShownAsync();
    }
}

/// <summary>An application, as an administrator registers and changes it.</summary>
public sealed class RegisteredApplicationPage(Tab tab, bool isNew = false) : PortalPage(tab)
{
    public ILocator NameField => Field("Client.Name");

    public ILocator RedirectUrisField => Field("Client.RedirectUris");

    public ILocator ExemptBox => Field("Client.ExemptLabel");

    /// <summary>The secret, while it is shown.</summary>
    public ILocator Secret => Page.Locator("#new-secret");

    public ILocator ClientId => Page.Locator("#client-id");

    protected override ILocator Landmark => Button(isNew ? "Client.Create" : "Client.Save");

    public async Task<RegisteredApplicationPage> RegisterAsync()
    {
        await Button("Client.Create").ClickAsync();
        return await new RegisteredApplicationPage(Tab).ShownAsync();
    }

    public Task SaveAsync() => Button("Client.Save").ClickAsync();

    public Task AddSecretAsync() => Button("Client.AddSecret").ClickAsync();

    public async Task DeleteAsync()
    {
        await Page.GetByText(Tab.Word("Client.Delete"), new() { Exact = true }).ClickAsync();
        await Button("Client.DeleteForGood").ClickAsync();
        await new MessagePage(Tab, "Administration.Applications.Title").ShownAsync();
    }
}
