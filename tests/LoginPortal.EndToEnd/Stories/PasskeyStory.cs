using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>Somebody with a tenant of their own and the browser's own authenticator.</summary>
public abstract class PasskeyStory(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    protected static ILocator PasskeyButton(Tab tab) => tab.Page.GetByRole(AriaRole.Button, new() { Name = "Sign in with a passkey" });

    protected static async Task RenameAsync(SecurityPage security, string name, string newName)
    {
        await security.RenameAsync(name, newName);
        await Expect(security.Authenticator(newName)).ToContainTextAsync("Added");
    }

    /// <summary>As if the browser had been closed in between.</summary>
    protected static async Task LeaveAsync(Tab tab)
    {
        await tab.Page.GotoAsync("about:blank");
        await tab.Visitor.Context.ClearCookiesAsync();
    }

    protected async Task AddTenantAsync(string slug, TenantPolicy? policy = null)
    {
        await Portal.AddTenantAsync(slug, policy: policy);
        await Portal.AddUserAsync(slug, $"user@{slug}.example");
    }

    protected async Task<(Tab Tab, VirtualAuthenticator Authenticator)> ArriveWithAsync(
        bool isResident = true, bool verifies = true, bool isPlatform = true)
    {
        var tab = await (await ArriveAsync()).OpenTabAsync();
        return (tab, await VirtualAuthenticator.PlugInAsync(tab, isResident, verifies, isPlatform));
    }

    /// <summary>Somebody new, signed in with their password; what is offered then is left for another time.</summary>
    protected async Task<(Tab Tab, VirtualAuthenticator Authenticator)> EnterAsync(
        string tenant, bool isResident = true, bool verifies = true, bool isPlatform = true, bool suggests = true)
    {
        var visitor = await ArriveAsync();
        if (!suggests)
        {
            await visitor.Context.AddInitScriptAsync(
                "if (window.PublicKeyCredential) { PublicKeyCredential.isConditionalMediationAvailable = () => Promise.resolve(false); }");
        }

        var tab = (await visitor.SignInAsync($"user@{tenant}.example", tenant)).Tab;
        return (tab, await VirtualAuthenticator.PlugInAsync(tab, isResident, verifies, isPlatform));
    }

    protected static async Task<AddPasskeyPage> OfferedAsync(Tab tab, string address)
    {
        var asked = tab.Page.RunAndWaitForResponseAsync(() => tab.GoToAsync("/t/offer/sign-in"), "**/passkey/options");
        await asked;
        var password = await (await new SignInPage(tab).ShownAsync()).ContinueAsync(address);
        return await password.SubmitAsync(new AddPasskeyPage(tab, "PasskeyOffer.Title"));
    }

    protected Task<IReadOnlyList<string>> NewestMethodsAsync(string tenant) => Portal.InTenantAsync(
        tenant,
        async (services, _) => (await ((Core.Data.PortalDbContext)services.GetService(typeof(Core.Data.PortalDbContext))!).Sessions
            .OrderByDescending(session => session.Id).FirstAsync()).AuthenticationMethods);
}
