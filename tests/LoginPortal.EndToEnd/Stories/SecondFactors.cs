using System.Web;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>Setting up a second factor, signing in with it, and what a tenant wants of it.</summary>
public abstract class SecondFactors(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string WrongCode = "That code is not right, or has been used. Wait for the next one and try again.";

    [Fact]
    public async Task Authenticator_RequiredAndMissing_IsSetUpFromItsQrCodeAndThenAskedFor()
    {
        await AddTenantAsync("strict", SecondFactorRequirement.Required);
        var password = await EnterAsync("strict");
        var enrolment = await password.SubmitAsync(new EnrolmentPage(password.Tab));
        await Expect(enrolment.PostponeButton).ToHaveCountAsync(0);
        var app = await AuthenticatorApp.ScanAsync(enrolment);
        Assert.Equal("Acme:user@strict.example", Uri.UnescapeDataString(app.Uri.AbsolutePath.TrimStart('/')));
        Assert.Equal("Acme", HttpUtility.ParseQueryString(app.Uri.Query)["issuer"]);
        await Expect(enrolment.Page.Locator("#totp-key")).ToHaveTextAsync(new System.Text.RegularExpressions.Regex("^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$"));
        await enrolment.ConfirmRefusedAsync("000000");
        await enrolment.CodeField.ExpectProblemAsync(WrongCode);
        Assert.Equal(app.Uri, (await AuthenticatorApp.ScanAsync(enrolment)).Uri);
        var recoveryCodes = await (await enrolment.ConfirmAsync(app)).ReadAsync();
        Assert.Equal(10, recoveryCodes.Distinct(StringComparer.Ordinal).Count());
        await new RecoveryCodesPage(enrolment.Tab).KeepAsync();

        var second = await AskAsync("strict");
        await Expect(second.CodeField).ToBeFocusedAsync();
        await Expect(second.CodeField).ToHaveAttributeAsync("autocomplete", "one-time-code");
        await Expect(second.CodeField).ToHaveAttributeAsync("inputmode", "numeric");
        await second.ConfirmRefusedAsync("000000");
        await second.CodeField.ExpectProblemAsync(WrongCode);
        var code = await app.NextCodeAsync();
        await second.ConfirmAsync($" {code[..3]} {code[3..]} ");

        second = await AskAsync("strict");
        await second.ConfirmRefusedAsync(code);
        await second.CodeField.ExpectProblemAsync(WrongCode);
        var recovery = await second.TryAnotherWayAsync("SecondFactor.Way.RecoveryCode", "SecondFactor.RecoveryCode.Label");
        await Expect(recovery.CodeField).Not.ToHaveAttributeAsync("aria-invalid", "true");
        await recovery.ConfirmRefusedAsync("aaaa-bbbb-cccc-dddd");
        await recovery.ConfirmAsync(recoveryCodes[0].ToUpperInvariant());

        var mailbox = await MailboxPage.OpenAsync(second.Tab.Visitor, "strict");
        await mailbox.ExpectSubjectsAsync("A recovery code was used for your account", "An authenticator app was added to your account");
    }

    [Fact]
    public async Task Authenticator_RequiredAndMissing_OpensNothingBefore()
    {
        await AddTenantAsync("strict-too", SecondFactorRequirement.Required);
        var password = await EnterAsync("strict-too");
        var enrolment = await password.SubmitAsync(new EnrolmentPage(password.Tab));

        await enrolment.Tab.GoToAsync("/t/strict-too/");

        await new SignInPage(enrolment.Tab).ShownAsync();
    }

    [Fact]
    public async Task Authenticator_AnnouncedForLater_CanBePostponed()
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync("globex")).ContinueAsync("user@globex.example");

        var enrolment = await password.SubmitAsync(new EnrolmentPage(password.Tab));
        await Expect(enrolment.Page.GetByText("Globex asks everybody for a second factor.")).ToBeVisibleAsync();
        var home = await enrolment.PostponeAsync();

        await Expect(home.Notice).ToContainTextAsync("Globex asks everybody for a second factor.");
    }

    [Fact]
    public async Task Authenticators_OnesOwnPage_AreAddedAfterAFreshSignInRenamedAndRemoved()
    {
        await AddTenantAsync("own", SecondFactorRequirement.Optional);
        var home = await (await EnterAsync("own")).SignInAsync();
        var tab = home.Tab;
        Portal.Clock.Advance(TimeSpan.FromMinutes(16));
        var security = await SecurityPage.OpenAsync(tab, "own");

        var stepUp = await security.AddAsync(new StepUpPage(tab));
        var password = await (await stepUp.SignInAgainAsync()).ContinueAsync();
        var enrolment = await password.SubmitAsync(new EnrolmentPage(tab));
        security = await (await enrolment.ConfirmAsync("Old phone")).ReturnAsync();
        enrolment = await security.AddAsync(new EnrolmentPage(tab));
        await enrolment.CodeField.FillAsync(await (await AuthenticatorApp.ScanAsync(enrolment)).NextCodeAsync());
        await enrolment.SubmitButton.ClickAsync();
        await new SecurityPage(tab).ShownAsync();
        await Expect(security.Authenticator("Authenticator app")).ToBeVisibleAsync();
        await security.RenameAsync("Authenticator app", "Tablet <b>");
        await security.RemoveAsync("Old phone");
        await Expect(security.Authenticator("Tablet <b>")).ToBeVisibleAsync();
        var codes = await security.ReplaceRecoveryCodesAsync();
        await codes.ReadAsync();
        security = await codes.ReturnAsync();
        await Expect(tab.Page.GetByText("10 codes are left.")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("Few are left.")).ToHaveCountAsync(0);
        await Portal.ChangeAsync("own", (database, _) =>
            database.Set<RecoveryCode>().OrderBy(code => code.CodeHash).Take(7).ExecuteDeleteAsync());
        await tab.ReloadAsync(security);
        await Expect(tab.Page.GetByText("3 codes are left.")).ToBeVisibleAsync();
        await Expect(tab.Page.GetByText("Few are left.")).ToBeVisibleAsync();
        await security.RemoveAsync("Tablet <b>");
        await Expect(tab.Page.GetByText("You have no authenticator app yet.")).ToBeVisibleAsync();
        await (await EnterAsync("own")).SignInAsync();
    }

    [Fact]
    public async Task TrustedDevice_Ticked_IsNotAskedAgainUntilItIsTakenBack()
    {
        await AddTenantAsync("trusting", SecondFactorRequirement.Required);
        var password = await EnterAsync("trusting");
        var enrolment = await password.SubmitAsync(new EnrolmentPage(password.Tab));
        var app = await AuthenticatorApp.ScanAsync(enrolment);
        var home = await (await enrolment.ConfirmAsync(app)).KeepAsync();
        var visitor = home.Tab.Visitor;
        await home.SignOutAsync();
        password = await (await visitor.OpenSignInAsync("trusting")).ContinueAsync("user@trusting.example");
        var second = await password.SubmitAsync(new SecondFactorPage(password.Tab));
        await second.TrustBox.CheckAsync();
        await (await second.ConfirmAsync(await app.NextCodeAsync())).SignOutAsync();

        home = await (await (await visitor.OpenSignInAsync("trusting")).ContinueAsync("user@trusting.example")).SignInAsync();
        var stranger = await AskAsync("trusting");
        await Expect(stranger.CodeField).ToBeVisibleAsync();
        await (await SecurityPage.OpenAsync(home.Tab, "trusting")).DistrustAsync();

        password = await (await visitor.OpenSignInAsync("trusting", "?prompt=login")).ContinueAsync("user@trusting.example");
        await password.SubmitAsync(new SecondFactorPage(password.Tab));
    }

    [Fact]
    public async Task EmailedCode_Asked_ComesByMailAndOnlyTheNewestWorks()
    {
        await AddTenantAsync("mailing", SecondFactorRequirement.Required, SecondFactorMethod.EmailCode);
        var password = await EnterAsync("mailing");
        var tab = password.Tab;
        await password.PasswordField.FillAsync(Core.Setup.DemoData.Password);
        await password.SubmitButton.ClickAsync();
        await tab.Page.GetByRole(AriaRole.Button, new() { Name = "Send a code by e-mail" }).ClickAsync();
        var second = await new SecondFactorPage(tab).ShownAsync();
        await Expect(tab.Page.GetByText("were sent to user@mailing.example")).ToBeVisibleAsync();
        var first = await (await MailboxPage.OpenAsync(tab.Visitor, "mailing")).NewestCodeAsync();
        Portal.Clock.Advance(TimeSpan.FromSeconds(31));
        await tab.ReloadAsync(second);
        await second.ResendButton.ClickAsync();
        await Expect(tab.Page.GetByText("You can ask for a new code in")).ToBeVisibleAsync();
        var newest = await (await MailboxPage.OpenAsync(tab.Visitor, "mailing")).NewestCodeAsync();
        Assert.NotEqual(first, newest);

        await second.ConfirmRefusedAsync(first);
        var home = await second.ConfirmAsync(newest);

        await Expect(home.Heading).ToHaveTextAsync("Hello, user@mailing.example");
    }

    private async Task AddTenantAsync(string slug, SecondFactorRequirement requirement, params SecondFactorMethod[] methods)
    {
        await Portal.AddTenantAsync(slug, policy: new TenantPolicy
        {
            SecondFactor = requirement,
            SecondFactorMethods = methods.Length > 0 ? methods : [SecondFactorMethod.Totp],
        });
        await Portal.AddUserAsync(slug, $"user@{slug}.example");
    }

    /// <summary>Somebody new at the password's page.</summary>
    private async Task<PasswordPage> EnterAsync(string tenant)
    {
        var visitor = await ArriveAsync();
        return await (await visitor.OpenSignInAsync(tenant)).ContinueAsync($"user@{tenant}.example");
    }

    private async Task<SecondFactorPage> AskAsync(string tenant)
    {
        var password = await EnterAsync(tenant);
        return await password.SubmitAsync(new SecondFactorPage(password.Tab));
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : SecondFactors(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : SecondFactors(portal, chromium, Way.BeforeCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : SecondFactors(portal, chromium, Way.WithoutJavaScript);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : SecondFactors(portal, chromium, Way.WithWebSocketsBlocked);
}
