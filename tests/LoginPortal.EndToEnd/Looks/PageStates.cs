using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.EndToEnd.Looks;

/// <summary>Everything that the portal can show: what is checked for accessibility, and what is drawn.</summary>
public static partial class PageStates
{
    private const string GoodPassword = "seven-lamps-under-the-harbour";
    private static readonly string[] Everywhere = ["acme", "globex", "platform"];
    private static readonly string[] OnlyPlatform = ["platform"];

    public static IReadOnlyList<PageState> All { get; } =
    [
        .. AdministrationStates.All,
        .. ApplicationStates.All,
        .. SignIn,
        .. Opening,
        .. Factors,
        .. Account,
        new("find", OnlyPlatform, async (visitor, _) => await OpenFindAsync(visitor)),
        new("find-malformed", OnlyPlatform, async (visitor, _) => await (await OpenFindAsync(visitor)).FindMalformedAsync("Acme & Co.")),
        new("not-found", Everywhere, (visitor, look) => MessageAsync(visitor, $"/t/{look.Name}/no-such-page", "Status.404.Title")) { Status = 404 },
        new("not-found-anywhere", OnlyPlatform, (visitor, _) => MessageAsync(visitor, "/no-such-page", "Status.404.Title")) { Status = 404 },
        new("unknown-tenant", OnlyPlatform, (visitor, _) => MessageAsync(visitor, "/t/nowhere/sign-in", "Status.404.Title")) { Status = 404 },
        new("forbidden", Everywhere, (visitor, look) => MessageAsync(visitor, $"/t/{look.Name}/_blazor", "Status.403.Title")) { Status = 403 },
        new("error", Everywhere, ErrorAsync) { Status = 500 },
        new("maintenance", Everywhere, (visitor, look) => MessageAsync(visitor, $"/t/{look.Name}/sign-in", "Status.503.Title"))
        {
            Status = 503,
            DuringMaintenance = true,
        },
    ];

    private static async Task<FindPage> OpenFindAsync(Visitor visitor)
    {
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync("/");
        return await new FindPage(tab).ShownAsync();
    }

    private static async Task<PasswordPage> PasswordAsync(Visitor visitor, string tenant, string name, Look look) =>
        await (await visitor.OpenSignInAsync(tenant)).ContinueAsync($"{name}@{look.Domain}");

    private static async Task<HomePage> HomeAsync(Visitor visitor, Look look)
    {
        await AddUserAsync(visitor.Portal, look.Name, $"user@{look.Domain}");
        return await visitor.SignInAsync($"user@{look.Domain}", look.Name);
    }

    private static async Task<PortalPage> SubmitAsync(Visitor visitor, string tenant, string name, Look look, string titleKey)
    {
        var password = await PasswordAsync(visitor, tenant, name, look);
        return await password.SubmitAsync(new MessagePage(password.Tab, titleKey));
    }

    private static async Task<PortalPage> MessageAsync(Visitor visitor, string path, string titleKey)
    {
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync(path);
        return await new MessagePage(tab, titleKey).ShownAsync();
    }

    private static async Task<PortalPage> ErrorAsync(Visitor visitor, Look look)
    {
        var tab = (await PasswordAsync(visitor, look.Name, "user", look)).Tab;
        visitor.Portal.Clock.Failure = new InvalidOperationException("A bug.");
        try
        {
            await tab.Page.ReloadAsync();
            return await new MessagePage(tab, "Status.500.Title").ShownAsync();
        }
        finally
        {
            visitor.Portal.Clock.Failure = null;
        }
    }

    /// <summary>A tenant that looks alike and has rules of its own; its name says which.</summary>
    private static async Task<string> AddTenantAsync(Portal portal, Look look, string rules, TenantPolicy policy)
    {
        var slug = $"{look.Name}-{rules}";
        if (await portal.InTenantAsync(look.Name, (services, _) => Database(services).Tenants.AllAsync(tenant => tenant.Slug != slug)))
        {
            await portal.AddTenantAsync(slug, look.Name, policy);
        }

        return slug;
    }

    internal static async Task AddUserAsync(Portal portal, string slug, string address, Action<PortalUser>? configure = null)
    {
        if (await portal.InTenantAsync(slug, (services, _) => Database(services).Users.AllAsync(user => user.Email != address)))
        {
            await portal.AddUserAsync(slug, address, configure);
        }
    }

    private static PortalDbContext Database(IServiceProvider services) => (PortalDbContext)services.GetService(typeof(PortalDbContext))!;
}
