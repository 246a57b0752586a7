using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Pages;

/// <summary>A page of a signed-in person's own account, named by the key of its title.</summary>
public sealed class AccountPage(Tab tab, string titleKey) : PortalPage(tab)
{
    protected override ILocator Landmark => Titled(titleKey);

    public static async Task<AccountPage> OpenAsync(Tab tab, string tenant, string address, string titleKey)
    {
        ArgumentNullException.ThrowIfNull(tab);
        await tab.GoToAsync($"/t/{tenant}/{address}");
        return await new AccountPage(tab, titleKey).ShownAsync();
    }

    /// <summary>A field by the key of its label.</summary>
    public ILocator FieldOf(string key, params object[] values) =>
        Page.GetByLabel(string.Format(System.Globalization.CultureInfo.InvariantCulture, Tab.Word(key), values), new() { Exact = true });

    /// <summary>A button by the key of its words.</summary>
    public ILocator ButtonOf(string key) => Button(key);

    /// <summary>Presses a button, which leads on.</summary>
    public async Task<TPage> PressAsync<TPage>(string key, TPage next)
        where TPage : PortalPage
    {
        await Button(key).ClickAsync();
        return await next.ShownAsync();
    }
}

/// <summary>Choosing among the accounts of this browser.</summary>
public sealed class ChooserPage(Tab tab) : PortalPage(tab)
{
    protected override ILocator Landmark => Titled("Accounts.Choose");

    public ILocator Choice(string address) => Page.Locator(".choice-button").Filter(new() { HasText = address });

    public async Task<TPage> ChooseAsync<TPage>(string address, TPage next)
        where TPage : PortalPage
    {
        await Choice(address).ClickAsync();
        return await next.ShownAsync();
    }

    public async Task<SignInPage> SignOutOfAllAsync()
    {
        await Button("Accounts.SignOutOfAll").ClickAsync();
        return await new SignInPage(Tab).ShownAsync();
    }
}
