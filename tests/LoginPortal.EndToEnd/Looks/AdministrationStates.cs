using LoginPortal.Core.Accounts;
using LoginPortal.Core.Mail;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Looks;

/// <summary>What administrators, and those who are none, can be shown.</summary>
internal static class AdministrationStates
{
    private static readonly string[] OnlyPlatform = ["platform"];
    private static readonly string[] OnlyAcme = ["acme"];

    public static IReadOnlyList<PageState> All { get; } =
    [
        new("administration", OnlyPlatform, (visitor, look) =>
            OpenAsync(visitor, look, PortalRole.PlatformOperator, "admin", "Administration.Overview.Title")),
        new("administration-refused", OnlyAcme, (visitor, look) =>
            OpenAsync(visitor, look, PortalRole.Member, "admin", "Status.403.Title")) { Status = 403 },
        new("administration-branding", OnlyAcme, (visitor, look) =>
            OpenAsync(visitor, look, PortalRole.TenantAdministrator, "admin/branding", "Administration.Branding.Title")),
        new("administration-revisions", OnlyAcme, (visitor, look) =>
            OpenAsync(visitor, look, PortalRole.TenantAdministrator, "admin/branding/revisions", "Administration.Revisions.Title")),
        new("administration-people", OnlyAcme, (visitor, look) =>
            OpenAsync(visitor, look, PortalRole.TenantAdministrator, "admin/people", "Administration.People.Title")),
        new("administration-person", OnlyAcme, async (visitor, look) =>
        {
            var page = await OpenAsync(visitor, look, PortalRole.TenantAdministrator, "admin/people?q=user%40", "Administration.People.Title");
            await page.Page.GetByRole(AriaRole.Link, new() { Name = "Uma User" }).ClickAsync();
            await Assertions.Expect(page.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("Uma User");
            return page;
        }),
        new("administration-person-delete", OnlyAcme, async (visitor, look) =>
        {
            var page = await OpenAsync(visitor, look, PortalRole.TenantAdministrator, "admin/people?q=user%40", "Administration.People.Title");
            await page.Page.Locator(".menu-button").ClickAsync();
            await page.Page.Locator(".menu:popover-open button").Last.ClickAsync();
            await Assertions.Expect(page.Page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Textbox)).ToBeFocusedAsync();
            return page;
        }),
        new("administration-invitations", OnlyAcme, (visitor, look) =>
            OpenAsync(visitor, look, PortalRole.TenantAdministrator, "admin/people/invitations", "Invitations.Title")),
        new("administration-import", OnlyAcme, async (visitor, look) =>
        {
            var page = await OpenAsync(visitor, look, PortalRole.TenantAdministrator, "admin/people/import", "Import.Title");
            await Assertions.Expect(page.Page.Locator("#people-file")).ToBeEnabledAsync();
            await page.Page.Locator("#people-file").SetInputFilesAsync(new FilePayload
            {
                Name = "people.csv", MimeType = "text/csv", Buffer = "email,given_name,team\numa@acme.example,Uma,A\nnobody,,\nuser@acme.example,,\n"u8.ToArray(),
            });
            await Assertions.Expect(page.Page.Locator(".counts")).ToBeVisibleAsync();
            return page;
        }),
        new("administration-activity", OnlyAcme, async (visitor, look) =>
        {
            var page = await OpenAsync(visitor, look, PortalRole.TenantAdministrator, "admin/activity", "Administration.Activity.Title");
            await Assertions.Expect(page.Page.Locator("svg.rz-chart, .rz-chart svg").First).ToBeVisibleAsync();
            return page;
        }),
        new("administration-audit", OnlyAcme, async (visitor, look) =>
        {
            var page = await OpenAsync(visitor, look, PortalRole.TenantAdministrator, "admin/audit", "Administration.Audit.Title");
            await page.Page.Locator("details.event summary").First.ClickAsync();
            return page;
        }),
        new("administration-policy", OnlyAcme, async (visitor, look) =>
        {
            var page = await OpenAsync(visitor, look, PortalRole.TenantAdministrator, "admin/policy", "Administration.Policy.Title");
            await page.Page.Locator("#SecondFactor").SelectOptionAsync("Required");
            await page.Page.Locator("#SessionLifetime").FillAsync("x");
            await page.Page.Locator("#SessionLifetime-problem").WaitForAsync();
            return page;
        }),
        new("administration-domains", OnlyAcme, async (visitor, look) =>
        {
            var page = await OpenAsync(visitor, look, PortalRole.TenantAdministrator, "admin/domains", "Administration.Domains.Title");
            await page.Page.Locator("#host").FillAsync($"id-{Guid.NewGuid().ToString("N")[..6]}.acme.example");
            await page.Page.Locator("#host").PressAsync("Enter");
            await page.Page.Locator(".admin-proof").First.WaitForAsync();
            return page;
        }),
        new("administration-tenants", OnlyPlatform, (visitor, look) =>
            OpenAsync(visitor, look, PortalRole.PlatformOperator, "admin/platform/tenants", "Administration.Tenants.Title")),
        new("administration-tenant", OnlyPlatform, async (visitor, look) =>
        {
            var page = await OpenAsync(visitor, look, PortalRole.PlatformOperator, "admin/platform/tenants", "Administration.Tenants.Title");
            await page.Page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { Name = "Globex" }).ClickAsync();
            await page.Page.Locator("#confirmation").PressAsync("Enter");
            await page.Page.Locator("#confirmation-problem").WaitForAsync();
            return page;
        }),
        new("administration-keys", OnlyPlatform, (visitor, look) =>
            OpenAsync(visitor, look, PortalRole.PlatformOperator, "admin/platform/keys", "Administration.Keys.Title")),
        new("administration-mails", OnlyPlatform, async (visitor, look) =>
        {
            await AddUndeliveredMailAsync(visitor.Portal);
            return await OpenAsync(visitor, look, PortalRole.PlatformOperator, "admin/platform/mails", "Administration.Mails.Title");
        }),
    ];

    /// <summary>The page, as somebody new sees it who has just signed in.</summary>
    internal static async Task<PortalPage> OpenAsync(Visitor visitor, Look look, PortalRole role, string address, string titleKey)
    {
        var person = $"{role}-{Guid.NewGuid().ToString("N")[..6]}@{look.Domain}".ToLowerInvariant();
        await PageStates.AddUserAsync(visitor.Portal, look.Name, person, user => user.Role = role);
        var home = await visitor.SignInAsync(person, look.Name);

        // The page in the studio's frame would take the focus, and may not: the browser says so.
        visitor.Provoke("Blocked autofocusing");
        await home.Tab.GoToAsync($"/t/{look.Name}/{address}");
        return await new MessagePage(home.Tab, titleKey).ShownAsync();
    }

    private static Task AddUndeliveredMailAsync(Portal portal) => portal.ChangeAsync("acme", (database, tenant) =>
    {
        var now = portal.Clock.GetUtcNow();
        database.OutboxMails.Add(new OutboxMail
        {
            Id = Guid.CreateVersion7(now), TenantId = tenant.Id, Recipient = "user@acme.example", SenderName = "Acme",
            Subject = "Your password was changed", ProtectedContent = [1], CreatedAt = now.AddDays(-1), NextAttemptAt = now, Attempts = 17, ParkedAt = now,
            LastError = "Mailbox unavailable. The server response was: 5.1.1 <user@acme.example>: Recipient address rejected",
        });
        return Task.CompletedTask;
    });
}
