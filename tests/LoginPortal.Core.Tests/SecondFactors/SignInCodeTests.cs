using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Data;
using LoginPortal.Core.EmailCodes;
using LoginPortal.Core.Mail;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.SecondFactors;

public sealed class SignInCodeSqliteTests() : SignInCodeTests(DatabaseProvider.Sqlite);

public sealed class SignInCodePostgreSqlTests() : SignInCodeTests(DatabaseProvider.PostgreSql);

/// <summary>A code by e-mail in place of the password.</summary>
public abstract class SignInCodeTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    private static readonly TenantPolicy Allowed = AllMethods with { EmailCodeSignIn = true };

    [Fact]
    public async Task Code_Right_SignsInWithOneFactor()
    {
        await GivenAsync(Allowed);
        var browser = await AskedAsync();

        Assert.IsType<SignInOutcome.Completed>(await CodeAsync(browser, await MailedCodeAsync()));
        Assert.Equal(["otp"], await ReadAsync(database => database.Sessions.Select(s => s.AuthenticationMethods).SingleAsync()));
    }

    [Fact]
    public async Task Code_WrongTooOftenOrTwice_IsRefused()
    {
        await GivenAsync(Allowed);
        var browser = await AskedAsync();
        var code = await MailedCodeAsync();
        for (var attempt = 0; attempt < EmailCode.MaximumTries - 1; attempt++)
        {
            Assert.Equal(RejectionCode.InvalidCode, RejectionOf(await CodeAsync(browser, code == "000000" ? "000001" : "000000")));
        }

        Assert.IsType<SignInOutcome.Completed>(await CodeAsync(browser, code));
        Assert.IsType<SignInOutcome.Expired>(await CodeAsync(browser, code));
        var second = await AskedAsync();
        Assert.Equal(RejectionCode.InvalidCode, RejectionOf(await CodeAsync(second, code)));
    }

    [Fact]
    public async Task Code_SentToTwoNodesAtOnce_SignsInOnce()
    {
        await GivenAsync(Allowed);
        var browser = await AskedAsync();
        var code = await MailedCodeAsync();
        var browsers = new[] { browser, browser.At(AddHost(), Tenant), browser, browser.At(AddHost(), Tenant) };

        var outcomes = await Task.WhenAll(browsers.Select(each => Task.Run(() => CodeAsync(each, code))));

        Assert.Single(outcomes.OfType<SignInOutcome.Completed>());
    }

    [Fact]
    public async Task Request_ForAnUnknownAddress_DoesTheSameAndNoCodeWorks()
    {
        await GivenAsync(Allowed);
        var known = NewBrowser();
        var unknown = NewBrowser();
        await known.IdentifyAsync(Address);
        await unknown.IdentifyAsync("nobody@acme.example");
        var expected = ViewOf(await known.AdvanceAsync(new StepInput.SignInCodeRequest()));
        var actual = ViewOf(await unknown.AdvanceAsync(new StepInput.SignInCodeRequest()));

        Assert.Equal(expected with { FlowId = actual.FlowId, Identifier = "nobody@acme.example" }, actual);
        await AnswerAsync();
        Assert.Equal([Address], await ReadAsync(database => database.OutboxMails.Select(mail => mail.Recipient).ToListAsync()));

        await using var scope = Host.OpenTenant(Tenant);
        var code = await scope.Services.GetRequiredService<MailedCodes>().ReadAsync(unknown.FlowId, CancellationToken.None);
        Assert.Equal(RejectionCode.InvalidCode, RejectionOf(await CodeAsync(unknown, code)));
    }

    [Fact]
    public async Task Request_ForAnAddressNeverConfirmed_MailsNothing()
    {
        await GivenAsync(Allowed, user => user.EmailConfirmed = false);
        await AskedAsync();

        Assert.Empty(await Host.Services.ReadMailsAsync(Address));
    }

    [Fact]
    public async Task Request_WhereTheTenantDoesNotAllowIt_IsRefusedAndSoIsACode()
    {
        await GivenAsync(AllMethods);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);

        Assert.Equal(RejectionCode.InvalidCode, RejectionOf(await browser.AdvanceAsync(new StepInput.SignInCodeRequest())));
        Assert.Equal(RejectionCode.InvalidCode, RejectionOf(await CodeAsync(browser, "123456")));
    }

    [Fact]
    public async Task Request_TooSoonOrTooOften_IsRefusedOrSendsNothing()
    {
        await GivenAsync(Allowed);
        var browser = await AskedAsync();
        Assert.Equal(RejectionCode.EmailCodeTooSoon, RejectionOf(await browser.AdvanceAsync(new StepInput.SignInCodeRequest())));
        for (var mail = 0; mail < MailAllowance.MailsAnHour + 1; mail++)
        {
            Clock.Advance(EmailCode.ResendDelay);
            Assert.IsType<SignInOutcome.Continue>(await browser.AdvanceAsync(new StepInput.SignInCodeRequest()));
            await AnswerAsync();
        }

        Assert.Equal(MailAllowance.MailsAnHour, (await Host.Services.ReadMailsAsync(Address)).Count);
    }

    [Fact]
    public async Task Code_OfAPersonWithAnApp_IsFollowedByTheAppAndNoSecondMail()
    {
        await GivenAsync(Allowed);
        var (seed, _) = await AddAuthenticatorAsync();
        var browser = await AskedAsync();

        var view = ViewOf(await CodeAsync(browser, await MailedCodeAsync()));
        Assert.Equal(SignInState.SecondFactor, view.State);
        Assert.DoesNotContain(SecondFactorMethod.EmailCode, view.SecondFactors);
        Assert.IsType<SignInOutcome.Rejected>(await browser.AdvanceAsync(new StepInput.EmailCodeRequest()));
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.Totp(CodeOf(seed), TrustDevice: false)));
    }

    [Fact]
    public async Task Code_WhereASecondFactorIsRequired_DoesNotCountTwice()
    {
        await GivenAsync(Allowed with { SecondFactor = SecondFactorRequirement.Required });
        var browser = await AskedAsync();

        Assert.Equal(SignInState.SecondFactorEnrolment, ViewOf(await CodeAsync(browser, await MailedCodeAsync())).State);
    }

    private async Task<Browser> AskedAsync()
    {
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);
        Assert.Equal(Clock.GetUtcNow(), ViewOf(await browser.AdvanceAsync(new StepInput.SignInCodeRequest())).EmailCodeSentAt);
        await AnswerAsync();
        return browser;
    }

    private static Task<SignInOutcome> CodeAsync(Browser browser, string? code) => browser.AdvanceAsync(new StepInput.SignInCode(code, Remember: false));

    private Task<int> AnswerAsync() => Host.Services.GetRequiredService<AccountRequestHandler>().RunOnceAsync(CancellationToken.None);
}
