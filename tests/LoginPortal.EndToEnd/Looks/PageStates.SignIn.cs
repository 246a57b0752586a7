using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;

namespace LoginPortal.EndToEnd.Looks;

/// <content>Address, password and code.</content>
public static partial class PageStates
{
    private static IReadOnlyList<PageState> SignIn =>
    [
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
        new("sign-in-code", Everywhere, async (visitor, look) =>
        {
            var slug = await AddTenantAsync(visitor.Portal, look, "mailbox", new TenantPolicy { EmailCodeSignIn = true });
            var password = await PasswordAsync(visitor, slug, "user", look);
            await password.Page.GetByText(password.Tab.Word("SignIn.CodeInstead")).ClickAsync();
            return await new SignInCodePage(password.Tab).ShownAsync();
        }),
    ];

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
}
