using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.EndToEnd.Looks;

/// <content>Passkeys and second factors.</content>
public static partial class PageStates
{
    private static IReadOnlyList<PageState> Factors =>
    [
        new("passkey-add", Everywhere, async (visitor, look) => await AddPasskeyAsync(visitor, look)),
        new("passkey-add-cancelled", Everywhere, async (visitor, look) =>
        {
            var page = await AddPasskeyAsync(visitor, look);
            await (await VirtualAuthenticator.PlugInAsync(page.Tab)).VerifyAsync(false);
            await page.CreateButton.ClickAsync();
            await page.Problem.WaitForAsync();
            return page;
        }),
        new("passkey-offer", Everywhere, async (visitor, look) =>
        {
            var home = await HomeAsync(visitor, look);
            await home.Tab.GoToAsync($"/t/{look.Name}/account/passkeys/offer");
            return await new AddPasskeyPage(home.Tab, "PasskeyOffer.Title").ShownAsync();
        }),
        new("security-passkeys", Everywhere, async (visitor, look) =>
        {
            var page = await AddPasskeyAsync(visitor, look, $"keys-{Guid.NewGuid().ToString("N")[..6]}");
            await VirtualAuthenticator.PlugInAsync(page.Tab);
            return await page.CreateAsync(new SecurityPage(page.Tab));
        }),
        new("second-factor-passkey", Everywhere, async (visitor, look) =>
        {
            var name = $"keys-{Guid.NewGuid().ToString("N")[..6]}";
            var page = await AddPasskeyAsync(visitor, look, name);
            await VirtualAuthenticator.PlugInAsync(page.Tab, isResident: false, verifies: false, isPlatform: false);
            await page.CreateAsync(new RecoveryCodesPage(page.Tab));
            await visitor.Context.ClearCookiesAsync();
            return await SubmitAsync(visitor, look.Name, name, look, "SecondFactor.Title");
        }),
        new("second-factor-set-up", Everywhere, async (visitor, look) => await EnrolmentAsync(visitor, look)),
        new("second-factor-set-up-wrong", Everywhere, async (visitor, look) =>
            await (await EnrolmentAsync(visitor, look)).ConfirmRefusedAsync("000000")),
        new("second-factor-announced", ["globex"], async (visitor, look) =>
        {
            var password = await PasswordAsync(visitor, look.Name, "admin", look);
            return await password.SubmitAsync(new EnrolmentPage(password.Tab));
        }),
        new("recovery-codes", Everywhere, async (visitor, look) => await RecoveryCodesAsync(visitor, look)),
        new("second-factor", Everywhere, async (visitor, look) => await SecondFactorAsync(visitor, look)),
        new("second-factor-wrong", Everywhere, async (visitor, look) =>
            await (await SecondFactorAsync(visitor, look)).ConfirmRefusedAsync("000000")),
        new("second-factor-recovery-code", Everywhere, async (visitor, look) =>
            await (await SecondFactorAsync(visitor, look)).TryAnotherWayAsync("SecondFactor.Way.RecoveryCode", "SecondFactor.RecoveryCode.Label")),
        new("security", Everywhere, async (visitor, look) =>
        {
            var home = await HomeAsync(visitor, look);
            await home.Tab.GoToAsync($"/t/{look.Name}/account/security");
            return await new SecurityPage(home.Tab).ShownAsync();
        }),
    ];

    private static async Task<EnrolmentPage> EnrolmentAsync(Visitor visitor, Look look, string name = "user")
    {
        var slug = await AddTenantAsync(visitor.Portal, look, "strict", new TenantPolicy { SecondFactor = SecondFactorRequirement.Required });
        await AddUserAsync(visitor.Portal, slug, $"{name}@{look.Domain}");
        var password = await PasswordAsync(visitor, slug, name, look);
        return await password.SubmitAsync(new EnrolmentPage(password.Tab));
    }

    private static async Task<RecoveryCodesPage> RecoveryCodesAsync(Visitor visitor, Look look)
    {
        var name = $"user-{Guid.NewGuid().ToString("N")[..6]}";
        var enrolment = await EnrolmentAsync(visitor, look, name);
        return await enrolment.ConfirmAsync();
    }

    private static async Task<SecondFactorPage> SecondFactorAsync(Visitor visitor, Look look)
    {
        const string name = "sure";
        var slug = $"{look.Name}-strict";
        var isSetUp = await visitor.Portal.InTenantAsync(look.Name, (services, _) => Database(services).Tenants.AnyAsync(tenant => tenant.Slug == slug))
            && await visitor.Portal.InTenantAsync(slug, (services, _) => Database(services).Users.AnyAsync(user => user.Email == $"{name}@{look.Domain}"));
        if (!isSetUp)
        {
            var enrolment = await EnrolmentAsync(visitor, look, name);
            var home = await (await enrolment.ConfirmAsync()).KeepAsync();
            await home.SignOutAsync();
        }

        var password = await PasswordAsync(visitor, slug, name, look);
        return await password.SubmitAsync(new SecondFactorPage(password.Tab));
    }

    private static async Task<AddPasskeyPage> AddPasskeyAsync(Visitor visitor, Look look, string name = "user")
    {
        await AddUserAsync(visitor.Portal, look.Name, $"{name}@{look.Domain}");
        var home = await visitor.SignInAsync($"{name}@{look.Domain}", look.Name);
        return await AddPasskeyPage.OpenAsync(home.Tab, look.Name);
    }
}
