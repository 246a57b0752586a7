using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Registration;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Looks;

/// <summary>Everything that the portal can show: what is checked for accessibility, and what is drawn.</summary>
public static class PageStates
{
    private const string GoodPassword = "seven-lamps-under-the-harbour";
    private static readonly string[] Everywhere = ["acme", "globex", "platform"];
    private static readonly string[] OnlyPlatform = ["platform"];

    public static IReadOnlyList<PageState> All { get; } =
    [
        .. AdministrationStates.All,
        .. ApplicationStates.All,
        new("find", OnlyPlatform, async (visitor, _) => await OpenFindAsync(visitor)),
        new("find-malformed", OnlyPlatform, async (visitor, _) => await (await OpenFindAsync(visitor)).FindMalformedAsync("Acme & Co.")),
        new("sign-in-address", Everywhere, async (visitor, look) => await visitor.OpenSignInAsync(look.Name)),
        new("sign-in-address-malformed", Everywhere, async (visitor, look) =>
            await (await visitor.OpenSignInAsync(look.Name)).ContinueMalformedAsync("user@")),
        new("sign-in-address-expired", Everywhere, async (visitor, look) =>
            await visitor.OpenSignInAsync(look.Name, $"?flow={Guid.NewGuid()}")),
        new("sign-in-address-signed-out", Everywhere, async (visitor, look) =>
            await visitor.OpenSignInAsync(look.Name, "?signed-out=true")),
        new("sign-in-password", Everywhere, async (visitor, look) => await PasswordAsync(visitor, look.Name, "user", look)),
        new("sign-in-password-long-address", Everywhere, async (visitor, look) =>
            await PasswordAsync(visitor, look.Name, "a.person.with.a-very-long-name.and-more.than.one.department.in.the.address", look)),
        new("sign-in-password-wrong", Everywhere, async (visitor, look) =>
            await (await PasswordAsync(visitor, look.Name, "user", look)).SubmitRefusedAsync()),
        new("sign-in-password-throttled", Everywhere, ThrottledAsync),
        new("sign-in-one-page", Everywhere, async (visitor, look) => await OnePageAsync(visitor, look)),
        new("sign-in-one-page-wrong", Everywhere, async (visitor, look) =>
        {
            var page = await OnePageAsync(visitor, look);
            return await page.SubmitRefusedAsync($"user@{look.Domain}", PasswordPage.WrongPassword, page.PasswordField);
        }),
        new("password-change", Everywhere, async (visitor, look) => await PasswordChangeAsync(visitor, look)),
        new("password-change-weak", Everywhere, async (visitor, look) => await JudgedAsync(visitor, look, "password")),
        new("password-change-strong", Everywhere, async (visitor, look) => await JudgedAsync(visitor, look, GoodPassword)),
        new("password-change-refused", Everywhere, async (visitor, look) =>
            await (await PasswordChangeAsync(visitor, look)).ChangeRefusedAsync("acme")),
        new("email-verification", Everywhere, async (visitor, look) =>
        {
            await AddUserAsync(visitor.Portal, look.Name, $"new@{look.Domain}", user => user.EmailConfirmed = false);
            return await SubmitAsync(visitor, look.Name, "new", look, "EmailVerification.Title");
        }),
        new("email-verification-too-soon", Everywhere, async (visitor, look) =>
        {
            // Somebody new each time: the clock has gone on since others were sent theirs.
            var name = $"new-{Guid.NewGuid().ToString("N")[..6]}";
            await AddUserAsync(visitor.Portal, look.Name, $"{name}@{look.Domain}", user => user.EmailConfirmed = false);
            var waiting = new EmailVerificationPage((await SubmitAsync(visitor, look.Name, name, look, "EmailVerification.Title")).Tab);
            await waiting.ResendButton.ClickAsync();
            await waiting.Problem.WaitForAsync();
            return waiting;
        }),
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
        new("sign-in-code", Everywhere, async (visitor, look) =>
        {
            var slug = await AddTenantAsync(visitor.Portal, look, "mailbox", new TenantPolicy { EmailCodeSignIn = true });
            var password = await PasswordAsync(visitor, slug, "user", look);
            await password.Page.GetByText(password.Tab.Word("SignIn.CodeInstead")).ClickAsync();
            return await new SignInCodePage(password.Tab).ShownAsync();
        }),
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
        new("security", Everywhere, async (visitor, look) =>
        {
            var home = await HomeAsync(visitor, look);
            await home.Tab.GoToAsync($"/t/{look.Name}/account/security");
            return await new SecurityPage(home.Tab).ShownAsync();
        }),
        new("setup", OnlyPlatform, async (visitor, _) => await SetupAsync(visitor)),
        new("setup-refused", OnlyPlatform, async (visitor, look) =>
        {
            var setup = await SetupAsync(visitor);
            return await setup.CreateRefusedAsync($"olga@{look.Domain}", "password", setup.PasswordField);
        }),
        new("setup-invalid", OnlyPlatform, (visitor, _) => MessageAsync(visitor, "/t/platform/setup", "Setup.InvalidTitle")),
        new("setup-done", OnlyPlatform, async (visitor, look) =>
            await (await SetupAsync(visitor)).CreateAsync($"olga@{look.Domain}", GoodPassword)),
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

    private static async Task<FindPage> OpenFindAsync(Visitor visitor)
    {
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync("/");
        return await new FindPage(tab).ShownAsync();
    }

    private static async Task<PasswordPage> PasswordAsync(Visitor visitor, string tenant, string name, Look look) =>
        await (await visitor.OpenSignInAsync(tenant)).ContinueAsync($"{name}@{look.Domain}");

    private static async Task<PortalPage> ThrottledAsync(Visitor visitor, Look look)
    {
        var now = visitor.Portal.Clock.GetUtcNow();
        var name = $"hasty-{visitor.Language}";
        await visitor.Portal.ChangeAsync(look.Name, (database, tenant) =>
        {
            database.AttemptCounters.Add(new AttemptCounter
            {
                TenantId = tenant.Id,
                Factor = AttemptFactor.Password,
                Subject = AttemptReservations.SubjectOf($"{name}@{look.Domain}"),
                Failures = 9,
                BlockedUntil = now + TimeSpan.FromMinutes(4),
                LastAttemptAt = now,
            });
            return Task.CompletedTask;
        });
        return await (await PasswordAsync(visitor, look.Name, name, look)).SubmitRefusedAsync();
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

    private static async Task<VerifyAddressPage> VerifyAsync(Visitor visitor, Look look)
    {
        var name = $"verify-{Guid.NewGuid().ToString("N")[..6]}";
        await AddUserAsync(visitor.Portal, look.Name, $"{name}@{look.Domain}", user => user.EmailConfirmed = false);
        var waiting = await SubmitAsync(visitor, look.Name, name, look, "EmailVerification.Title");
        await waiting.Tab.GoToAsync((await visitor.Portal.ReadMailsAsync($"{name}@{look.Domain}"))[^1].Link.PathAndQuery);
        return await new VerifyAddressPage(waiting.Tab).ShownAsync();
    }

    private static async Task<OnePageSignIn> OnePageAsync(Visitor visitor, Look look)
    {
        var slug = await AddTenantAsync(visitor.Portal, look, "one", new TenantPolicy { Identification = IdentificationLayout.OnePage });
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync($"/t/{slug}/sign-in");
        return await new OnePageSignIn(tab).ShownAsync();
    }

    private static async Task<PasswordChangePage> PasswordChangeAsync(Visitor visitor, Look look)
    {
        await AddUserAsync(visitor.Portal, look.Name, $"change@{look.Domain}", user => user.PasswordChangeRequired = true);
        var password = await PasswordAsync(visitor, look.Name, "change", look);
        return await password.SubmitAsync(new PasswordChangePage(password.Tab));
    }

    private static async Task<PasswordChangePage> JudgedAsync(Visitor visitor, Look look, string password)
    {
        var page = await PasswordChangeAsync(visitor, look);
        await page.PasswordField.FillAsync(password);
        await page.Notice.WaitForAsync();
        return page;
    }

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

    private static async Task<AddressPage> AddressAsync(Visitor visitor, Look look)
    {
        var home = await HomeAsync(visitor, look);
        await home.Tab.GoToAsync($"/t/{look.Name}/account/address");
        return await new AddressPage(home.Tab).ShownAsync();
    }

    private static async Task<HomePage> HomeAsync(Visitor visitor, Look look)
    {
        await AddUserAsync(visitor.Portal, look.Name, $"user@{look.Domain}");
        return await visitor.SignInAsync($"user@{look.Domain}", look.Name);
    }

    private static async Task<AddPasskeyPage> AddPasskeyAsync(Visitor visitor, Look look, string name = "user")
    {
        await AddUserAsync(visitor.Portal, look.Name, $"{name}@{look.Domain}");
        var home = await visitor.SignInAsync($"{name}@{look.Domain}", look.Name);
        return await AddPasskeyPage.OpenAsync(home.Tab, look.Name);
    }

    private static async Task<PortalPage> SubmitAsync(Visitor visitor, string tenant, string name, Look look, string titleKey)
    {
        var password = await PasswordAsync(visitor, tenant, name, look);
        return await password.SubmitAsync(new MessagePage(password.Tab, titleKey));
    }

    private static async Task<SetupPage> SetupAsync(Visitor visitor)
    {
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync(await visitor.Portal.CreateSetupLinkAsync());
        return await new SetupPage(tab).ShownAsync();
    }

    private static async Task<PortalPage> AccountAsync(Visitor visitor, Look look, string address, string titleKey) =>
        await AccountPage.OpenAsync((await HomeAsync(visitor, look)).Tab, look.Name, address, titleKey);

    private static Passkey NewPasskey(Guid tenantId, Guid userId) => new()
    {
        Id = Guid.NewGuid(), TenantId = tenantId, UserId = userId, CredentialId = Guid.NewGuid().ToByteArray(), PublicKey = [1], SignCount = 0, Transports = [],
        Aaguid = Guid.Empty, Name = "", IsUserVerified = true, SignsInAlone = true, IsBackupEligible = true, IsBackedUp = true,
        CreatedAt = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero),
    };

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
