using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>What protects a signed-in person's account.</summary>
public sealed class SecurityPage(Tab tab) : PortalPage(tab)
{
    protected override ILocator Landmark => Titled("Security.Title");

    public static async Task<SecurityPage> OpenAsync(Tab tab, string tenant)
    {
        await tab.GoToAsync($"/t/{tenant}/account/security");
        return await new SecurityPage(tab).ShownAsync();
    }

    /// <summary>Begins to add an authenticator app, and leads to <paramref name="next"/>.</summary>
    public async Task<TPage> AddAsync<TPage>(TPage next)
        where TPage : PortalPage
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = Tab.Word("Security.AddAuthenticator") }).ClickAsync();
        return await next.ShownAsync();
    }

    public async Task RenameAsync(string name, string newName)
    {
        await Authenticator(name).GetByRole(AriaRole.Link, new() { Name = Tab.Word("Security.Rename"), Exact = true }).ClickAsync();
        await Page.GetByRole(AriaRole.Textbox).FillAsync(newName);
        await Button("Security.Save").ClickAsync();
        await Expect(Authenticator(newName)).ToBeVisibleAsync();
        await Expect(Authenticator(name)).ToHaveCountAsync(0);
        await this.ShownAsync();
    }

    public async Task RemoveAsync(string name)
    {
        await Authenticator(name).GetByRole(AriaRole.Button).ClickAsync();
        await Expect(Authenticator(name)).ToHaveCountAsync(0);
        await this.ShownAsync();
    }

    public async Task<RecoveryCodesPage> ReplaceRecoveryCodesAsync()
    {
        await Button("RecoveryCodes.Replace").ClickAsync();
        return await new RecoveryCodesPage(Tab).ShownAsync();
    }

    public async Task DistrustAsync()
    {
        await Button("Security.Distrust").ClickAsync();
        await Expect(Page.GetByText(Tab.Word("Security.TrustedDevicesNone"))).ToBeVisibleAsync();
        await this.ShownAsync();
    }

    public ILocator Authenticator(string name) => Page.GetByRole(AriaRole.Listitem).Filter(new() { Has = Page.GetByText(name, new() { Exact = true }) });
}
