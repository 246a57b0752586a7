using LoginPortal.Core.Data;
using LoginPortal.Core.EmailCodes;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tests.SecondFactors;

public sealed class EmailCodeSqliteTests() : EmailCodeTests(DatabaseProvider.Sqlite);

public sealed class EmailCodePostgreSqlTests() : EmailCodeTests(DatabaseProvider.PostgreSql);

public abstract class EmailCodeTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    [Fact]
    public async Task EmailCode_Mailed_CompletesOnceAndOnlyInItsFlow()
    {
        var browser = await WaitingAsync();
        var other = NewBrowser();
        await other.SignInAsync(Address, RightPassword);
        Assert.NotNull(ViewOf(await browser.AdvanceAsync(new StepInput.EmailCodeRequest())).EmailCodeSentAt);
        var code = await MailedCodeAsync();

        Assert.Equal(RejectionCode.EmailCodeEnded, RejectionOf(await other.AdvanceAsync(new StepInput.EmailCode(code, false))));
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.EmailCode($"{code[..3]} {code[3..]}", false)));
        Assert.Equal(0, await ReadAsync(database => database.EmailCodes.CountAsync()));
    }

    [Fact]
    public async Task EmailCode_AskedForAgain_OnlyAfterHalfAMinuteAndOnlyTheNewestWorks()
    {
        var browser = await WaitingAsync();
        await browser.AdvanceAsync(new StepInput.EmailCodeRequest());
        var first = await MailedCodeAsync();
        Assert.Equal(RejectionCode.EmailCodeTooSoon, RejectionOf(await browser.AdvanceAsync(new StepInput.EmailCodeRequest())));

        Clock.Advance(EmailCode.ResendDelay);
        Assert.Equal(SignInState.SecondFactor, ViewOf(await browser.AdvanceAsync(new StepInput.EmailCodeRequest())).State);
        var second = await MailedCodeAsync();

        if (first != second)
        {
            Assert.Equal(RejectionCode.InvalidCode, RejectionOf(await browser.AdvanceAsync(new StepInput.EmailCode(first, false))));
        }

        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.EmailCode(second, false)));
    }

    [Fact]
    public async Task EmailCode_AfterTenMinutes_HasEnded()
    {
        var browser = await WaitingAsync();
        await browser.AdvanceAsync(new StepInput.EmailCodeRequest());
        var code = await MailedCodeAsync();

        Clock.Advance(EmailCode.Lifetime);

        Assert.Equal(RejectionCode.EmailCodeEnded, RejectionOf(await browser.AdvanceAsync(new StepInput.EmailCode(code, false))));
    }

    [Fact]
    public async Task EmailCode_FiveTimesWrong_HasEnded()
    {
        var browser = await WaitingAsync();
        await browser.AdvanceAsync(new StepInput.EmailCodeRequest());
        var code = await MailedCodeAsync();
        var wrong = code == "000000" ? "111111" : "000000";
        for (var attempt = 0; attempt < EmailCode.MaximumTries; attempt++)
        {
            await browser.AdvanceAsync(new StepInput.EmailCode(wrong, false));
        }

        Clock.Advance(AttemptReservations.DelayAfter(5));

        Assert.Equal(RejectionCode.EmailCodeEnded, RejectionOf(await browser.AdvanceAsync(new StepInput.EmailCode(code, false))));
    }

    [Fact]
    public async Task EmailCode_InParallel_ExactlyOneWins()
    {
        var browser = await WaitingAsync();
        await browser.AdvanceAsync(new StepInput.EmailCodeRequest());
        var code = await MailedCodeAsync();
        var otherNode = browser.At(AddHost(), Tenant);

        var outcomes = await Task.WhenAll(new[] { browser, otherNode, browser, otherNode }
            .Select(b => Task.Run(() => b.AdvanceAsync(new StepInput.EmailCode(code, false)))));

        Assert.Single(outcomes.OfType<SignInOutcome.Completed>());
    }

    [Fact]
    public async Task EmailCode_PolicyWithoutIt_IsNeitherOfferedNorSentNorTaken()
    {
        await GivenAsync();
        await AddAuthenticatorAsync();
        var browser = NewBrowser();

        Assert.DoesNotContain(SecondFactorMethod.EmailCode, ViewOf(await browser.SignInAsync(Address, RightPassword)).SecondFactors);
        Assert.IsType<SignInOutcome.Rejected>(await browser.AdvanceAsync(new StepInput.EmailCodeRequest()));
        Assert.Equal(0, await ReadAsync(database => database.EmailCodes.CountAsync()));
    }

    [Fact]
    public async Task EmailCode_Stored_IsNotReadable()
    {
        var browser = await WaitingAsync();
        await browser.AdvanceAsync(new StepInput.EmailCodeRequest());
        var code = await MailedCodeAsync();

        var stored = await ReadAsync(database => database.EmailCodes.Select(c => c.ProtectedCode).SingleAsync());

        Assert.Equal(-1, stored.AsSpan().IndexOf(System.Text.Encoding.ASCII.GetBytes(code)));
    }

    /// <summary>A browser whose person has an app and may use a code by e-mail instead.</summary>
    private async Task<Browser> WaitingAsync()
    {
        await GivenAsync(AllMethods);
        await AddAuthenticatorAsync();
        var browser = NewBrowser();
        Assert.Contains(SecondFactorMethod.EmailCode, ViewOf(await browser.SignInAsync(Address, RightPassword)).SecondFactors);
        return browser;
    }
}
