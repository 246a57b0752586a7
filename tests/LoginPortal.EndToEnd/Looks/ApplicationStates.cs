using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.EndToEnd.Looks;

/// <summary>What people and administrators are shown of applications.</summary>
internal static class ApplicationStates
{
    private static readonly string[] OnlyAcme = ["acme"];

    public static IReadOnlyList<PageState> All { get; } =
    [
        new("applications-consent", OnlyAcme, async (visitor, look) =>
        {
            await using var application = await EmptyApplication.StartAsync(visitor.Portal);
            return await ConsentAsync(visitor, look, application);
        }),
        new("applications-none", OnlyAcme, async (visitor, look) => await ApplicationsPage.OpenAsync((await SignInAsync(visitor, look)).Tab)),
        new("applications", OnlyAcme, async (visitor, look) =>
        {
            await using var application = await EmptyApplication.StartAsync(visitor.Portal);
            var consent = await ConsentAsync(visitor, look, application);
            await consent.AgreeAsync();
            return await ApplicationsPage.OpenAsync(consent.Tab);
        }),
        new("authorization-error", ["acme", "globex"], (visitor, look) => OpenAsync(visitor, look, "connect/error?reason=UnknownRedirectUri", "AuthorizationError.Title"))
        {
            Status = 400,
        },
        new("sign-out", OnlyAcme, (visitor, look) => OpenAsync(visitor, look, "sign-out", "SignOut.Title")),
        new("administration-applications", OnlyAcme, (visitor, look) =>
            AdministrationStates.OpenAsync(visitor, look, PortalRole.TenantAdministrator, "admin/applications", "Administration.Applications.Title")),
        new("administration-application", OnlyAcme, async (visitor, look) =>
            await OpenApplicationAsync(visitor, look, $"{await FindAsync(visitor.Portal, DemoApplications.Web)}", isNew: false)),
        new("administration-application-new", OnlyAcme, async (visitor, look) => await OpenApplicationAsync(visitor, look, "new/Native", isNew: true)),
        new("administration-application-setup", OnlyAcme, async (visitor, look) =>
        {
            var id = await FindAsync(visitor.Portal, DemoApplications.Web);
            return await AdministrationStates.OpenAsync(visitor, look, PortalRole.TenantAdministrator, $"admin/applications/{id}/setup", "Client.Setup");
        }),
    ];

    private static Task<Guid> FindAsync(Portal portal, string clientId) => portal.InTenantAsync(
        "acme", (services, _) => ((PortalDbContext)services.GetService(typeof(PortalDbContext))!).OpenIdClients.Where(c => c.ClientId == clientId).Select(c => c.Id).SingleAsync());

    private static async Task<RegisteredApplicationPage> OpenApplicationAsync(Visitor visitor, Look look, string address, bool isNew)
    {
        var list = await AdministrationStates.OpenAsync(
            visitor, look, PortalRole.TenantAdministrator, "admin/applications", "Administration.Applications.Title");
        await list.Tab.GoToAsync($"/t/{look.Name}/admin/applications/{address}");
        return await new RegisteredApplicationPage(list.Tab, isNew).ShownAsync();
    }

    private static async Task<HomePage> SignInAsync(Visitor visitor, Look look)
    {
        var person = $"member-{Guid.NewGuid().ToString("N")[..6]}@{look.Domain}";
        await PageStates.AddUserAsync(visitor.Portal, look.Name, person);
        return await visitor.SignInAsync(person, look.Name);
    }

    private static async Task<ConsentPage> ConsentAsync(Visitor visitor, Look look, EmptyApplication application)
    {
        var tab = (await SignInAsync(visitor, look)).Tab;
        await tab.GoToAsync(application.RequestFor("openid profile email offline_access"));
        return await new ConsentPage(tab).ShownAsync();
    }

    private static async Task<PortalPage> OpenAsync(Visitor visitor, Look look, string path, string titleKey)
    {
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync($"/t/{look.Name}/{path}");
        return await new MessagePage(tab, titleKey).ShownAsync();
    }
}
