using LoginPortal.Core.Accounts;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>Registering an application.</summary>
public sealed class ApplicationRegistration(Portal portal, Chromium chromium) : Story(portal, chromium, Way.InCircuit), IClassFixture<Portal>
{
    [Fact]
    public async Task Administrator_RegistersAnApplicationAndSeesItsSecretOnce()
    {
        await Portal.AddUserAsync("acme", "boss@acme.example", user => user.Role = PortalRole.TenantAdministrator);
        var tab = (await (await ArriveAsync()).SignInAsync("boss@acme.example")).Tab;
        await tab.GoToAsync("/t/acme/admin/applications/new/Web");
        var page = await new RegisteredApplicationPage(tab, isNew: true).ShownAsync();
        await page.NameField.FillAsync("Shop");
        await page.RedirectUrisField.FillAsync("http://shop.example.org/callback");
        await page.Page.GetByRole(AriaRole.Button, new() { Name = tab.Word("Client.Create") }).ClickAsync();
        await Expect(page.RedirectUrisField).ToHaveAttributeAsync("aria-invalid", "true");
        await page.RedirectUrisField.FillAsync("https://shop.example.org/callback");

        page = await page.RegisterAsync();

        await Expect(page.Secret).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^[\\w-]{43}$"));
        var (clientId, secret) = (await page.ClientId.TextContentAsync(), await page.Secret.TextContentAsync());
        page = await tab.ReloadAsync(page);
        await Expect(page.Secret).ToHaveCountAsync(0);
        await page.AddSecretAsync();
        await Expect(page.Secret).Not.ToHaveTextAsync(secret!);
        await page.ExemptBox.CheckAsync();
        await page.SaveAsync();
        await Expect(page.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("PKCE is off");

        await page.Page.GetByRole(AriaRole.Link, new() { Name = tab.Word("Client.Setup") }).ClickAsync();
        await new MessagePage(tab, "Client.Setup").ShownAsync();
        await Expect(tab.Page.Locator("#aspnetcore")).ToContainTextAsync($"options.ClientId = \"{clientId}\";");
        await Expect(tab.Page.Locator("#aspnetcore")).ToContainTextAsync($"options.Authority = \"{Portal.Address("/t/acme")}\";");
        await tab.Page.GoBackAsync();
        await (await page.ShownAsync()).DeleteAsync();
        await Expect(tab.Page.GetByText("Shop", new() { Exact = true })).ToHaveCountAsync(0);
    }
}
