using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LoginPortal.Core.Tests.Registration;

public sealed class AccountRegistrationSqliteTests() : AccountRegistrationTests(DatabaseProvider.Sqlite);

public sealed class AccountRegistrationPostgreSqlTests() : AccountRegistrationTests(DatabaseProvider.PostgreSql);

public abstract class AccountRegistrationTests(DatabaseProvider provider) : RegistrationTestBase(provider)
{
    [Fact]
    public async Task Register_NewAddress_GoesOnInTheSameBrowserOnceTheAddressIsConfirmed()
    {
        await GivenAsync(Open);
        var browser = await RegisteredAsync();
        Assert.Equal(SignInState.RegistrationSent, ViewOf(await browser.ShowAsync()).State);
        Assert.Equal(RejectionCode.AddressNotVerified, RejectionOf(await browser.AdvanceAsync(new StepInput.RegisteredContinuation())));

        var mail = Assert.Single(await MailsAsync());
        Assert.Equal("Confirm your account at Tenant acme", mail.Subject);
        Assert.True(await ConfirmAsync(mail.Token));

        Assert.True(ViewOf(await browser.ShowAsync()).IsAddressVerified);
        var completed = Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.RegisteredContinuation()));
        Assert.Equal("account/security", completed.ReturnUrl);
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(NewAddress, OtherPassword));
        Assert.Equal(["Grace Hopper"], await ReadAsync(database => database.Users.Where(u => u.Email == NewAddress).Select(u => u.GivenName + " " + u.FamilyName).ToListAsync()));
        Assert.Equal(1, await ReadAsync(database => database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.AccountRegistered)));
    }

    [Fact]
    public async Task Continue_WhereASecondFactorIsRequired_LeadsToItsEnrolment()
    {
        await GivenAsync(Open with { SecondFactor = SecondFactorRequirement.Required });
        var browser = await RegisteredAsync();
        await ConfirmAsync((await MailsAsync())[0].Token);

        Assert.Equal(SignInState.SecondFactorEnrolment, ViewOf(await browser.AdvanceAsync(new StepInput.RegisteredContinuation())).State);
    }

    [Fact]
    public async Task SignIn_BeforeTheAddressIsConfirmed_LeadsToCheckYourMailForTheRightPasswordOnly()
    {
        await GivenAsync(Open);
        await RegisteredAsync();

        Assert.Equal(SignInState.EmailVerification, ViewOf(await NewBrowser().SignInAsync(NewAddress, OtherPassword)).State);
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(NewAddress, RightPassword)));
    }

    [Fact]
    public async Task Continue_InAnotherBrowserOrAfterANewPassword_IsRefused()
    {
        await GivenAsync(Open);
        var browser = await RegisteredAsync();
        await ConfirmAsync((await MailsAsync())[0].Token);
        Assert.IsType<SignInOutcome.Expired>(await browser.Stranger().AdvanceAsync(new StepInput.RegisteredContinuation()));

        Clock.Advance(TimeSpan.FromSeconds(1));
        await AskForAPasswordAsync();
        Assert.IsType<PasswordResetResult.Done>(await ResetAsync((await MailsAsync())[^1].Token, RightPassword));
        Assert.Equal(RejectionCode.AddressNotVerified, RejectionOf(await browser.AdvanceAsync(new StepInput.RegisteredContinuation())));
    }

    [Fact]
    public async Task Register_AddressThatHasAnAccount_AnswersAlikeAndTellsItsOwner()
    {
        await GivenAsync(Open);
        var newcomer = NewBrowser();
        var known = NewBrowser();
        await RegisterAsync(Form, newcomer);
        await RegisterAsync(Form with { Address = Address }, known);
        var (expected, actual) = (ViewOf(await newcomer.ShowAsync()), ViewOf(await known.ShowAsync()));
        Assert.Equal(expected with { FlowId = actual.FlowId, Identifier = Address }, actual);
        await AnswerAsync();

        Assert.Equal("You have an account at Tenant acme already", Assert.Single(await MailsAsync(Address)).Subject);
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
        Assert.Equal(RejectionCode.AddressNotVerified, RejectionOf(await known.AdvanceAsync(new StepInput.RegisteredContinuation())));
        Assert.False(ViewOf(await known.ShowAsync()).IsAddressVerified);
    }

    [Fact]
    public async Task Register_AddressOfADisabledAccount_MailsNobody()
    {
        await GivenAsync(Open, user => user.DisabledAt = user.CreatedAt);
        await RegisterAsync(Form with { Address = Address });

        Assert.Empty(await MailsAsync(Address));
    }

    [Fact]
    public async Task Register_Twice_LetsWhoeverReadsTheMailChooseThePassword()
    {
        await GivenAsync(Open);
        var first = await RegisteredAsync();
        var firstLink = (await MailsAsync())[0].Token;
        Clock.Advance(TimeSpan.FromSeconds(1));
        var second = await RegisteredAsync(Form with { Password = RightPassword });
        var mail = (await MailsAsync())[^1];
        Assert.Equal("Finish your account at Tenant acme", mail.Subject);

        const string third = "nine-herons-paint-a-barn";
        Assert.IsType<PasswordResetResult.Done>(await ResetAsync(mail.Token, third));

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(NewAddress, third));
        Assert.Equal(RejectionCode.AddressNotVerified, RejectionOf(await first.AdvanceAsync(new StepInput.RegisteredContinuation())));
        Assert.Equal(RejectionCode.AddressNotVerified, RejectionOf(await second.AdvanceAsync(new StepInput.RegisteredContinuation())));
        await ConfirmAsync(firstLink);
        Assert.Equal(1, await ReadAsync(database => database.Sessions.CountAsync()));
    }

    [Fact]
    public async Task Register_SameAddressOnTwoNodesAtOnce_MakesOneAccount()
    {
        await GivenAsync(Open);
        var other = AddHost();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(index => Task.Run(() => RegisterAsync(Form, host: index % 2 == 0 ? Host : other))));

        for (var round = 0; round < 8 && await ReadAsync(database => database.AccountRequests.AnyAsync()); round++)
        {
            // The loser of a race leaves its wish to the next turn, as the background service would.
            await Task.WhenAll(new[] { Host, other }.Select(host => Task.Run(async () =>
            {
                try
                {
                    await AnswerAsync(host);
                }
                catch (DbUpdateException)
                {
                }
            })));
        }

        Assert.Equal(1, await ReadAsync(database => database.Users.CountAsync(user => user.Email == NewAddress)));
        Assert.Equal(0, await ReadAsync(database => database.AccountRequests.CountAsync()));
    }

    [Fact]
    public async Task Resend_TooSoonIsRefused_ThenTheNewestLinkWorks()
    {
        await GivenAsync(Open);
        var browser = await RegisteredAsync();
        Assert.Equal(RejectionCode.MailTooSoon, RejectionOf(await browser.AdvanceAsync(new StepInput.RegistrationMailRequest())));
        Clock.Advance(AddressVerification.ResendDelay);

        Assert.Equal(Clock.GetUtcNow(), ViewOf(await browser.AdvanceAsync(new StepInput.RegistrationMailRequest())).VerificationSentAt);
        var mails = await MailsAsync();
        Assert.Equal(2, mails.Count);
        Assert.False(await ConfirmAsync(mails[0].Token));
        Assert.True(await ConfirmAsync(mails[1].Token));
    }

    [Fact]
    public async Task Resend_ForAnAddressThatHasAnAccount_MailsItsOwnerAtMostFiveTimesAnHour()
    {
        await GivenAsync(Open);
        var browser = NewBrowser();
        await RegisterAsync(Form with { Address = Address }, browser);
        for (var mail = 0; mail < MailAllowance.MailsAnHour + 2; mail++)
        {
            Clock.Advance(AddressVerification.ResendDelay);
            Assert.IsType<SignInOutcome.Continue>(await browser.AdvanceAsync(new StepInput.RegistrationMailRequest()));
            await AnswerAsync();
        }

        Assert.Equal(MailAllowance.MailsAnHour, (await MailsAsync(Address)).Count);
    }

    [Fact]
    public async Task Register_WrongFields_SaysEverythingThatIsWrongAndStoresNothing()
    {
        await GivenAsync(Open with
        {
            Registration = Open.Registration with { AllowedDomains = ["hopper.example"], Names = FieldRequirement.Required, TermsVersion = "2026-01" },
            CustomFields =
            [
                new CustomField("department", CustomFieldKind.Choice) { Labels = Labels, IsRequired = true, Choices = ["Sales", "Research"] },
                new CustomField("badge", CustomFieldKind.Text) { Labels = Labels, MaximumLength = 4 },
            ],
        });
        var refused = Assert.IsType<RegistrationResult.Refused>(await RegisterAsync(new RegistrationForm
        {
            Address = "grace@elsewhere.example", Password = "short", GivenName = "  ", FamilyName = "Hop\u202Eper",
            CustomFields = new Dictionary<string, string?> { ["department"] = "Kitchen", ["badge"] = "12345", ["other"] = "tur\u202Ened" },
        }));

        Assert.Equal(
            [
                new("username", FieldProblemKind.DomainNotAllowed), new("given-name", FieldProblemKind.Missing), new("family-name", FieldProblemKind.Invalid),
                new("field-department", FieldProblemKind.Invalid), new("field-badge", FieldProblemKind.Invalid), new("field-other", FieldProblemKind.Invalid), new("terms", FieldProblemKind.Missing),
            ],
            refused.Fields);
        Assert.Contains(PasswordProblem.TooShort, refused.Password);
        Assert.Equal(0, await ReadAsync(database => database.AccountRequests.CountAsync() ));
        Assert.Equal(0, await ReadAsync(database => database.Flows.CountAsync()));
    }

    [Fact]
    public async Task Register_CustomFieldsAndTerms_AreKeptWithTheAccount()
    {
        await GivenAsync(Open with
        {
            Registration = Open.Registration with { TermsVersion = "2026-01" },
            CustomFields = [new CustomField("department", CustomFieldKind.Choice) { Labels = Labels, Choices = ["Research"] }],
        });
        var now = Clock.GetUtcNow();
        await RegisteredAsync(Form with { AcceptsTerms = true, CustomFields = new Dictionary<string, string?> { ["department"] = " Research ", ["x"] = "y", ["empty"] = " " } });

        var user = await ReadAsync(database => database.Users.AsNoTracking().SingleAsync(u => u.Email == NewAddress));
        Assert.Equal(new Dictionary<string, string> { ["department"] = "Research", ["x"] = "y" }, user.CustomFields);
        Assert.Equal(("2026-01", now), (user.AcceptedTermsVersion, user.AcceptedTermsAt));
    }

    [Fact]
    public async Task Register_WhereTheTenantIsClosed_IsRefused()
    {
        await GivenAsync();

        Assert.IsType<RegistrationResult.Closed>(await RegisterAsync(Form));
    }

    [Fact]
    public async Task Register_TooOftenFromOneNetwork_IsRefusedUntilTheHourIsOver()
    {
        await GivenAsync(Open);
        var facts = Browser.Facts with { IpAddress = "2001:db8:1:2:3::1" };
        for (var account = 0; account < AccountRegistration.RegistrationsAnHour; account++)
        {
            Assert.IsType<RegistrationResult.MailSent>(await RegisterAsync(Form with { Address = $"p{account}@hopper.example" }, facts: facts));
        }

        var neighbour = facts with { IpAddress = "2001:db8:1:2:ffff::9" };
        Assert.Equal(TimeSpan.FromHours(1), Assert.IsType<RegistrationResult.Throttled>(await RegisterAsync(Form, facts: neighbour)).RetryAfter);
        Assert.IsType<RegistrationResult.MailSent>(await RegisterAsync(Form, facts: facts with { IpAddress = "2001:db8:1:3::1" }));
        Clock.Advance(TimeSpan.FromHours(1));
        Assert.IsType<RegistrationResult.MailSent>(await RegisterAsync(Form, facts: facts));
    }

    [Fact]
    public async Task Cleanup_AccountThatWasNeverConfirmed_GoesAfterAWeek()
    {
        await GivenAsync(Open, user => user.EmailConfirmed = false);
        await RegisteredAsync();
        Clock.Advance(AccountRegistration.UnconfirmedLifetime);

        await Host.Services.GetServices<IHostedService>().OfType<ExpiredDataCleanup>().Single().RunOnceAsync(CancellationToken.None);

        Assert.Equal([Address], await ReadAsync(database => database.Users.Select(user => user.Email!).ToListAsync()));
    }

    private static Dictionary<string, string> Labels => new() { ["en"] = "Label" };

    private Task<PasswordResetRequestResult> AskForAPasswordAsync() => Host.Services.GetRequiredService<PasswordRecovery>()
        .RequestAsync(Tenant.Id, NewAddress, Browser.Facts, CancellationToken.None);

    private Task<PasswordResetResult> ResetAsync(string token, string password) => Host.Services.GetRequiredService<PasswordRecovery>()
        .ResetAsync(Tenant.Id, token, password, Browser.Facts, CancellationToken.None);

    private Task<bool> ConfirmAsync(string token) => Host.Services.GetRequiredService<AddressVerification>()
        .ConfirmAsync(Tenant.Id, token, Browser.Facts, CancellationToken.None);
}
