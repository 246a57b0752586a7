using LoginPortal.Core.Accounts;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.SignIn;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Looks;

/// <content>One's own account.</content>
public static partial class PageStates
{
    private static IReadOnlyList<PageState> Account =>
    [
        new("address", ["acme"], async (visitor, look) => await AddressAsync(visitor, look)),
        new("address-sent", ["acme"], async (visitor, look) =>
        {
            var page = await AddressAsync(visitor, look);
            return await page.AskAsync($"moved@{look.Domain}", new MessagePage(page.Tab, "Address.SentTitle"));
        }),
        new("confirm-new-address", ["acme"], async (visitor, look) =>
        {
            var address = $"moved-{Guid.NewGuid().ToString("N")[..6]}@{look.Domain}";
            var page = await AddressAsync(visitor, look);
            await page.AskAsync(address, new MessagePage(page.Tab, "Address.SentTitle"));
            return await visitor.FollowMailAsync(address, tab => new QuestionPage(tab, "ConfirmNewAddress"));
        }),
        new("confirm-new-address-invalid", ["acme"], (visitor, look) =>
            MessageAsync(visitor, $"/t/{look.Name}/confirm-new-address", "ConfirmNewAddress.InvalidTitle")),
        new("undo-address-change-invalid", ["acme"], (visitor, look) =>
            MessageAsync(visitor, $"/t/{look.Name}/undo-address-change", "UndoAddressChange.InvalidTitle")),
        new("undo-address-change-done", ["acme"], (visitor, look) =>
            MessageAsync(visitor, $"/t/{look.Name}/undo-address-change?done=true", "UndoAddressChange.DoneTitle")),
        new("home", Everywhere, async (visitor, look) => await HomeAsync(visitor, look)),
        new("account", ["acme"], (visitor, look) => AccountAsync(visitor, look, "account", "Home.Title")),
        new("account-strong", ["globex"], async (visitor, look) =>
        {
            await visitor.Portal.ChangeAsync(look.Name, async (database, tenant) =>
            {
                var user = await database.Users.SingleAsync(user => user.Email == $"user@{look.Domain}");
                if (!await database.Passkeys.AnyAsync(key => key.UserId == user.Id))
                {
                    database.Passkeys.Add(NewPasskey(tenant.Id, user.Id));
                }
            });
            return await AccountAsync(visitor, look, "account", "Home.Title");
        }),
        new("account-profile", ["acme"], (visitor, look) => AccountAsync(visitor, look, "account/profile", "Account.Profile")),
        new("account-password", ["globex"], (visitor, look) => AccountAsync(visitor, look, "account/password", "Account.Password")),
        new("account-devices", ["acme"], async (visitor, look) =>
        {
            await HomeAsync(visitor, look);
            await visitor.Context.ClearCookiesAsync();
            return await AccountAsync(visitor, look, "account/devices", "Account.Devices");
        }),
        new("account-activity", ["globex"], (visitor, look) => AccountAsync(visitor, look, "account/activity", "Account.Activity")),
        new("account-incident", ["acme"], async (visitor, look) =>
        {
            await HomeAsync(visitor, look);
            await visitor.Context.ClearCookiesAsync();
            var page = await AccountAsync(visitor, look, "account/activity", "Account.Activity");
            await page.Page.GetByRole(AriaRole.Link, new() { Name = page.Tab.Word("Activity.NotMe") }).First.ClickAsync();
            return await new AccountPage(page.Tab, "Activity.NotMe").ShownAsync();
        }),
        new("account-data", ["globex"], (visitor, look) => AccountAsync(visitor, look, "account/data", "Account.Data")),
        new("account-delete", ["acme"], async (visitor, look) =>
        {
            var page = (AccountPage)await AccountAsync(visitor, look, "account/delete", "Data.Delete");
            await page.ButtonOf("Delete.Submit").ClickAsync();
            await page.Page.Locator("[aria-invalid=true]").WaitForAsync();
            return page;
        }),
        new("choose-account", ["acme"], async (visitor, look) =>
        {
            await HomeAsync(visitor, look);
            var signIn = await visitor.OpenSignInAsync(look.Name, "?prompt=login");
            var home = await (await signIn.ContinueAsync($"admin@{look.Domain}")).SignInAsync();
            await home.Tab.GoToAsync($"/t/{look.Name}/sign-in?prompt=select_account");
            return await new ChooserPage(home.Tab).ShownAsync();
        }),
        new("undo-erasure", ["globex"], async (visitor, look) =>
        {
            var address = $"leaver-{Guid.NewGuid().ToString("N")[..6]}@{look.Domain}";
            var user = await visitor.Portal.AddUserAsync(look.Name, address);
            await visitor.Portal.InTenantAsync(look.Name, (services, tenant) => services.GetRequiredService<AccountErasure>()
                .RequestForAsync(tenant.Id, user.Id, user.Id, RequestFacts.Portal, CancellationToken.None));
            return await visitor.FollowMailAsync(address, tab => new QuestionPage(tab, "UndoErasure"));
        }),
    ];

    private static async Task<AddressPage> AddressAsync(Visitor visitor, Look look)
    {
        var home = await HomeAsync(visitor, look);
        await home.Tab.GoToAsync($"/t/{look.Name}/account/address");
        return await new AddressPage(home.Tab).ShownAsync();
    }

    private static async Task<PortalPage> AccountAsync(Visitor visitor, Look look, string address, string titleKey) =>
        await AccountPage.OpenAsync((await HomeAsync(visitor, look)).Tab, look.Name, address, titleKey);

    private static Passkey NewPasskey(Guid tenantId, Guid userId) => new()
    {
        Id = Guid.NewGuid(), TenantId = tenantId, UserId = userId, CredentialId = Guid.NewGuid().ToByteArray(), PublicKey = [1], SignCount = 0, Transports = [],
        Aaguid = Guid.Empty, Name = "", IsUserVerified = true, SignsInAlone = true, IsBackupEligible = true, IsBackedUp = true,
        CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };
}
