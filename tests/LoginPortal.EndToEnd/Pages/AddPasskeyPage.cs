using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>A passkey is about to be added, because the person wants to or because the portal offers it.</summary>
public sealed class AddPasskeyPage(Tab tab, string titleKey = "Passkeys.Add") : PortalPage(tab)
{
    public ILocator CreateButton => Button("Passkey.Create");

    public ILocator Problem => Page.GetByRole(AriaRole.Alert);

    protected override ILocator Landmark => Titled(titleKey);

    public static async Task<AddPasskeyPage> OpenAsync(Tab tab, string tenant)
    {
        ArgumentNullException.ThrowIfNull(tab);
        await tab.GoToAsync($"/t/{tenant}/account/passkeys/add");
        return await new AddPasskeyPage(tab).ShownAsync();
    }

    /// <summary>Creates one, which leads to <paramref name="next"/>.</summary>
    public async Task<TPage> CreateAsync<TPage>(TPage next)
        where TPage : PortalPage
    {
        await CreateButton.ClickAsync();
        return await next.ShownAsync();
    }

    public async Task<HomePage> NotNowAsync()
    {
        await Page.GetByRole(AriaRole.Link, new() { Name = Tab.Word("PasskeyOffer.NotNow") }).ClickAsync();
        return await new HomePage(Tab).ShownAsync();
    }

    public async Task<HomePage> LaterAsync()
    {
        await Page.GetByRole(AriaRole.Button, new() { Name = "Do not ask for 30 days" }).ClickAsync();
        return await new HomePage(Tab).ShownAsync();
    }
}
