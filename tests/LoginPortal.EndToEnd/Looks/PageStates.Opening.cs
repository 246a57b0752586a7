using LoginPortal.Core.Accounts;
using LoginPortal.Core.Registration;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.EndToEnd.Looks;

/// <content>What opens an account, or opens it again.</content>
public static partial class PageStates
{
    private static IReadOnlyList<PageState> Opening =>
    [
        new("forgot-password", Everywhere, async (visitor, look) => await ForgotAsync(visitor, look)),
        new("forgot-password-malformed", Everywhere, async (visitor, look) => await (await ForgotAsync(visitor, look)).AskMalformedAsync("user@")),
        new("forgot-password-sent", Everywhere, (visitor, look) =>
            MessageAsync(visitor, $"/t/{look.Name}/forgot-password?sent=true", "Forgot.SentTitle")),
        new("reset-password", Everywhere, async (visitor, look) => await ResetAsync(visitor, look)),
        new("reset-password-refused", Everywhere, async (visitor, look) => await (await ResetAsync(visitor, look)).ResetRefusedAsync("acme")),
        new("reset-password-invalid", Everywhere, (visitor, look) => MessageAsync(visitor, $"/t/{look.Name}/reset-password", "Reset.InvalidTitle")),
        new("reset-password-done", Everywhere, async (visitor, look) => await visitor.OpenSignInAsync(look.Name, "?password-reset=true")),
        new("verify-address", Everywhere, async (visitor, look) => await VerifyAsync(visitor, look)),
        new("verify-address-invalid", Everywhere, (visitor, look) => MessageAsync(visitor, $"/t/{look.Name}/verify-address", "Verify.InvalidTitle")),
        new("verify-address-done", Everywhere, (visitor, look) =>
            MessageAsync(visitor, $"/t/{look.Name}/verify-address?confirmed=true", "Verify.DoneTitle")),
        new("register", ["acme"], async (visitor, look) => await RegisterAsync(visitor, look.Name)),
        new("register-refused", Everywhere, async (visitor, look) =>
        {
            var register = await RegisterAsync(visitor, await AddTenantAsync(visitor.Portal, look, "club", Club));
            await register.AddressField.FillAsync($"pat@{look.Domain}");
            await register.PasswordField.FillAsync("acme");
            return await register.SubmitRefusedAsync(register.AddressField);
        }),
        new("register-sent", ["acme"], async (visitor, look) =>
            await (await RegisterAsync(visitor, look.Name)).RegisterAsync($"newcomer@{look.Domain}", GoodPassword)),
        new("register-closed", ["globex"], (visitor, look) => MessageAsync(visitor, $"/t/{look.Name}/register", "Register.ClosedTitle")),
        new("accept-invitation", ["acme"], async (visitor, look) =>
        {
            var address = $"guest-{Guid.NewGuid().ToString("N")[..6]}@{look.Domain}";
            await visitor.Portal.InTenantAsync(look.Name, (services, tenant) => services.GetRequiredService<Invitations>().InviteAsync(
                tenant.Id, invitedBy: null, address, PortalRole.Member, RequestFacts.Portal, CancellationToken.None));
            return await visitor.FollowMailAsync(address, tab => new AcceptInvitationPage(tab));
        }),
        new("accept-invitation-invalid", ["acme"], (visitor, look) =>
            MessageAsync(visitor, $"/t/{look.Name}/accept-invitation", "Invitation.InvalidTitle")),
        new("setup", OnlyPlatform, async (visitor, _) => await SetupAsync(visitor)),
        new("setup-refused", OnlyPlatform, async (visitor, look) =>
        {
            var setup = await SetupAsync(visitor);
            return await setup.CreateRefusedAsync($"olga@{look.Domain}", "password", setup.PasswordField);
        }),
        new("setup-invalid", OnlyPlatform, (visitor, _) => MessageAsync(visitor, "/t/platform/setup", "Setup.InvalidTitle")),
        new("setup-done", OnlyPlatform, async (visitor, look) =>
            await (await SetupAsync(visitor)).CreateAsync($"olga@{look.Domain}", GoodPassword)),
    ];

    private static TenantPolicy Club => new()
    {
        Registration = new RegistrationPolicy
        {
            IsOpen = true, AllowedDomains = ["club.example"], Names = FieldRequirement.Required, TermsVersion = "2026-01",
        },
        CustomFields =
        [
            new CustomField("team", CustomFieldKind.Choice)
            {
                Labels = new Dictionary<string, string> { ["en"] = "Team", ["de"] = "Mannschaft" }, IsRequired = true, Choices = ["Rowing", "Chess"],
            },
        ],
    };

    private static async Task<RegisterPage> RegisterAsync(Visitor visitor, string tenant)
    {
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync($"/t/{tenant}/register");
        return await new RegisterPage(tab).ShownAsync();
    }

    private static async Task<ForgotPasswordPage> ForgotAsync(Visitor visitor, Look look)
    {
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync($"/t/{look.Name}/forgot-password");
        return await new ForgotPasswordPage(tab).ShownAsync();
    }

    /// <summary>A person of their own each time: to one address there go few mails an hour.</summary>
    private static async Task<ResetPasswordPage> ResetAsync(Visitor visitor, Look look)
    {
        var address = $"reset-{Guid.NewGuid().ToString("N")[..6]}@{look.Domain}";
        await AddUserAsync(visitor.Portal, look.Name, address);
        var forgot = await ForgotAsync(visitor, look);
        await forgot.AddressField.FillAsync(address);
        await forgot.AskAsync();
        await forgot.Tab.GoToAsync((await visitor.Portal.ReadMailsAsync(address))[^1].Link.PathAndQuery);
        return await new ResetPasswordPage(forgot.Tab).ShownAsync();
    }

    private static async Task<SetupPage> SetupAsync(Visitor visitor)
    {
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync(await visitor.Portal.CreateSetupLinkAsync());
        return await new SetupPage(tab).ShownAsync();
    }

    private static async Task<VerifyAddressPage> VerifyAsync(Visitor visitor, Look look)
    {
        var name = $"verify-{Guid.NewGuid().ToString("N")[..6]}";
        await AddUserAsync(visitor.Portal, look.Name, $"{name}@{look.Domain}", user => user.EmailConfirmed = false);
        var waiting = await SubmitAsync(visitor, look.Name, name, look, "EmailVerification.Title");
        await waiting.Tab.GoToAsync((await visitor.Portal.ReadMailsAsync($"{name}@{look.Domain}"))[^1].Link.PathAndQuery);
        return await new VerifyAddressPage(waiting.Tab).ShownAsync();
    }
}
