using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tests.SecondFactors;

public sealed class TotpSignInSqliteTests() : TotpSignInTests(DatabaseProvider.Sqlite);

public sealed class TotpSignInPostgreSqlTests() : TotpSignInTests(DatabaseProvider.PostgreSql);

public abstract class TotpSignInTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    [Fact]
    public async Task SignIn_WithAuthenticator_NeedsItsCodeAndSaysSo()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var browser = NewBrowser();

        var view = ViewOf(await browser.SignInAsync(Address, RightPassword));
        Assert.Equal((SignInState.SecondFactor, SecondFactorMethod.Totp), (view.State, view.PreferredSecondFactor));
        Assert.Equal([SecondFactorMethod.Totp, SecondFactorMethod.RecoveryCode], view.SecondFactors);
        Assert.Equal(RejectionCode.CodeMissing, RejectionOf(await browser.AdvanceAsync(new StepInput.Totp("", false))));
        Assert.Equal(RejectionCode.InvalidCode, RejectionOf(await browser.AdvanceAsync(new StepInput.Totp(WrongCode(seed), false))));
        var code = CodeOf(seed);
        var completed = Assert.IsType<SignInOutcome.Completed>(
            await browser.AdvanceAsync(new StepInput.Totp($" {code[..3]} {code[3..]} ", TrustDevice: false)));

        var session = await ReadAsync(database => database.Sessions.SingleAsync(s => s.Id == completed.SessionId));
        Assert.Equal(["pwd", "otp", "mfa"], session.AuthenticationMethods);
        Assert.Equal(Assurance.MultiFactor, session.AuthenticationContextClass);
    }

    [Fact]
    public async Task Totp_SameStepAgain_IsRefusedWhicheverAppAndWhereverTheClockGoes()
    {
        await GivenAsync();
        var (first, _) = await AddAuthenticatorAsync("First");
        var (second, _) = await AddAuthenticatorAsync("Second");
        var browser = NewBrowser();
        await browser.SignInAsync(Address, RightPassword);
        var used = CodeOf(first);
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.Totp(used, false)));

        var again = NewBrowser();
        await again.SignInAsync(Address, RightPassword);
        Assert.Equal(RejectionCode.CodeUsed, RejectionOf(await again.AdvanceAsync(new StepInput.Totp(used, false))));
        Assert.Equal(RejectionCode.CodeUsed, RejectionOf(await again.AdvanceAsync(new StepInput.Totp(CodeOf(second), false))));
        Assert.Equal(RejectionCode.CodeUsed, RejectionOf(await again.AdvanceAsync(new StepInput.Totp(CodeOf(first, -1), false))));
        Assert.IsType<SignInOutcome.Completed>(await again.AdvanceAsync(new StepInput.Totp(CodeOf(second, 1), false)));
    }

    [Fact]
    public async Task Totp_SameCodeInParallelOnTwoNodes_ExactlyOneWins()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var other = AddHost();
        var browsers = Enumerable.Range(0, 4).Select(index => NewBrowser(index % 2 == 0 ? Host : other)).ToList();
        foreach (var browser in browsers)
        {
            await browser.SignInAsync(Address, RightPassword);
        }

        var code = CodeOf(seed);
        var outcomes = await Task.WhenAll(browsers.Select(browser => Task.Run(() => browser.AdvanceAsync(new StepInput.Totp(code, false)))));

        Assert.Single(outcomes.OfType<SignInOutcome.Completed>());
        Assert.Equal(1, await ReadAsync(database => database.HandoffTickets.CountAsync()));
    }

    [Fact]
    public async Task Totp_WrongCodes_AreCountedOnTheirOwnAndNotClearedByThePassword()
    {
        await GivenAsync();
        var (seed, codes) = await AddAuthenticatorAsync();
        for (var attempt = 0; attempt < AttemptReservations.FreeAttempts; attempt++)
        {
            var guessing = NewBrowser();
            await guessing.SignInAsync(Address, RightPassword);
            Assert.Equal(RejectionCode.InvalidCode, RejectionOf(await guessing.AdvanceAsync(new StepInput.Totp(WrongCode(seed), false))));
        }

        var browser = NewBrowser();
        Assert.Equal(SignInState.SecondFactor, ViewOf(await browser.SignInAsync(Address, RightPassword)).State);
        Assert.IsType<SignInOutcome.Throttled>(await browser.AdvanceAsync(new StepInput.Totp(CodeOf(seed), false)));
        Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.RecoveryCode(codes![0])));
    }

    [Fact]
    public async Task Totp_WrongPasswords_DoNotBlockIt()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        var known = NewBrowser();
        await known.SignInAsync(Address, RightPassword);
        var attacker = NewBrowser();
        await attacker.IdentifyAsync(Address);
        for (var attempt = 0; attempt < AttemptReservations.FreeAttempts; attempt++)
        {
            await attacker.PasswordAsync("green-kettle-sleeps-at-dawn");
        }

        Assert.IsType<SignInOutcome.Throttled>(await attacker.PasswordAsync(RightPassword));
        Assert.IsType<SignInOutcome.Completed>(await known.AdvanceAsync(new StepInput.Totp(CodeOf(seed), false)));
    }

    [Fact]
    public async Task SecondFactor_PolicyOff_IsNotAsked()
    {
        await GivenAsync();
        await AddAuthenticatorAsync();
        await SetPolicyAsync(new TenantPolicy { SecondFactor = SecondFactorRequirement.Off });

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
    }

    [Fact]
    public async Task SecondFactor_PasswordMustChange_IsAskedBeforeTheNewPassword()
    {
        await GivenAsync();
        var (seed, _) = await AddAuthenticatorAsync();
        await ReadAsync(database => database.Users.ExecuteUpdateAsync(u => u.SetProperty(x => x.PasswordChangeRequired, true)));
        var browser = NewBrowser();

        Assert.Equal(SignInState.SecondFactor, ViewOf(await browser.SignInAsync(Address, RightPassword)).State);
        Assert.Equal(SignInState.SecondFactor, ViewOf(await browser.NewPasswordAsync(OtherPassword)).State);
        Assert.Equal(SignInState.PasswordChange, ViewOf(await browser.AdvanceAsync(new StepInput.Totp(CodeOf(seed), false))).State);
        Assert.IsType<SignInOutcome.Completed>(await browser.NewPasswordAsync(OtherPassword));
    }

    [Fact]
    public async Task Seed_Stored_IsEncryptedAndReadableNowhereOnceConfirmed()
    {
        await GivenAsync(Required);
        var browser = NewBrowser();
        var seed = Decode(ViewOf(await browser.SignInAsync(Address, RightPassword)).Enrolment!.Key);
        var stored = await ReadAsync(database => database.Authenticators.Select(a => a.ProtectedSeed).SingleAsync());
        Assert.Equal(20, seed.Length);
        Assert.Equal(-1, stored.AsSpan().IndexOf(seed));

        Assert.Equal(SignInState.RecoveryCodes, ViewOf(await browser.AdvanceAsync(new StepInput.TotpConfirmation(CodeOf(seed), "Phone"))).State);

        Assert.Null(ViewOf(await browser.ShowAsync()).Enrolment);
        Assert.Equal("Phone", await ReadAsync(database => database.Authenticators.Select(a => a.Name).SingleAsync()));
    }
}
