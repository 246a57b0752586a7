using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using static LoginPortal.Testing.SoftwareAuthenticator;

namespace LoginPortal.Core.Tests.Passkeys;

public sealed class PasskeySecondFactorSqliteTests() : PasskeySecondFactorTests(DatabaseProvider.Sqlite);

public sealed class PasskeySecondFactorPostgreSqlTests() : PasskeySecondFactorTests(DatabaseProvider.PostgreSql);

public abstract class PasskeySecondFactorTests(DatabaseProvider provider) : PasskeyTestBase(provider)
{
    [Fact]
    public async Task SecurityKey_WithoutVerification_IsAskedForAfterThePasswordAndOnlyThen()
    {
        await GivenAsync();
        using var key = new SoftwareAuthenticator { Flags = UserPresent };
        var added = await AddedAsync(key);
        Assert.Equal(10, added.RecoveryCodes!.Count);
        Assert.False(Assert.Single(added.Items).SignsInAlone);

        var browser = NewBrowser();
        var asked = ViewOf(await browser.SignInAsync(Address, RightPassword));
        Assert.Equal((SignInState.SecondFactor, SecondFactorMethod.Passkey), (asked.State, asked.PreferredSecondFactor));
        Assert.Equal([SecondFactorMethod.Passkey, SecondFactorMethod.RecoveryCode], asked.SecondFactors);
        var completed = Assert.IsType<SignInOutcome.Completed>(await ContinueWithAsync(browser, key, new Answer { WithoutUserHandle = true }));

        var session = await ReadAsync(database => database.Sessions.SingleAsync(s => s.Id == completed.SessionId));
        Assert.Equal(["pwd", "hwk", "user", "mfa"], session.AuthenticationMethods);
        Assert.Equal(RejectionCode.PasskeyNotVerified, RejectionOf(await SignInWithAsync(key)));
    }

    [Fact]
    public async Task Passkey_ThatSignsInAlone_IsAskedForOnlyWhereTheTenantRequiresASecondFactor()
    {
        await GivenAsync();
        using var passkey = new SoftwareAuthenticator();
        Assert.Null((await AddedAsync(passkey)).RecoveryCodes);
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));

        await SetPolicyAsync(Required);

        var browser = NewBrowser();
        Assert.Equal(SignInState.SecondFactor, ViewOf(await browser.SignInAsync(Address, RightPassword)).State);
        Assert.IsType<SignInOutcome.Completed>(await ContinueWithAsync(browser, passkey));
    }

    [Fact]
    public async Task SecondFactor_WithAnothersPasskey_IsRefused()
    {
        await GivenAsync(Required);
        using var own = new SoftwareAuthenticator();
        await AddedAsync(own);
        using var foreign = new SoftwareAuthenticator();
        var browser = NewBrowser();
        await browser.SignInAsync(Address, RightPassword);

        Assert.Equal(RejectionCode.PasskeyUnknown, RejectionOf(await ContinueWithAsync(browser, foreign, new Answer { UserHandle = User.Id.ToString() })));
        Assert.Equal(RejectionCode.PasskeyNotAccepted, RejectionOf(await ContinueWithAsync(browser, own, new Answer { WithAnotherKey = true })));
        Assert.Equal(SignInState.SecondFactor, ViewOf(await browser.ShowAsync()).State);
        Assert.IsType<SignInOutcome.Completed>(await ContinueWithAsync(browser, own));
    }

    [Fact]
    public async Task SecondFactor_CeremonyOfTheFirst_IsNone()
    {
        await GivenAsync(Required);
        using var passkey = new SoftwareAuthenticator();
        await AddedAsync(passkey);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);
        var before = await OptionsAsync(browser);
        await browser.PasswordAsync(RightPassword);

        Assert.Equal(
            RejectionCode.PasskeyCeremonyEnded,
            RejectionOf(await AnswerAsync(browser, passkey.Get(before.OptionsJson), before.Ceremony)));
    }

    [Fact]
    public async Task FirstFactor_CeremonyOfTheSecond_IsNone()
    {
        await GivenAsync();
        using var key = new SoftwareAuthenticator { Flags = UserPresent };
        await AddedAsync(key);
        var browser = NewBrowser();
        await browser.SignInAsync(Address, RightPassword);
        var second = await OptionsAsync(browser);
        var answer = key.Get(second.OptionsJson);
        var fresh = new Browser(Host, Tenant) { BindingHash = browser.BindingHash };

        Assert.Equal(RejectionCode.PasskeyCeremonyEnded, RejectionOf(await AnswerAsync(fresh, answer, second.Ceremony)));
        await fresh.IdentifyAsync(Address);
        Assert.Equal(RejectionCode.PasskeyCeremonyEnded, RejectionOf(await AnswerAsync(fresh, answer, second.Ceremony)));
    }

    [Fact]
    public async Task Enrolment_WithAPasskey_ShowsRecoveryCodesAndIsEnough()
    {
        await GivenAsync(Required);
        using var key = new SoftwareAuthenticator { Flags = UserPresent };
        var browser = NewBrowser();
        Assert.Equal(SignInState.SecondFactorEnrolment, ViewOf(await browser.SignInAsync(Address, RightPassword)).State);
        var options = await OptionsAsync(browser);
        var wrong = key.Create(options.OptionsJson, new Answer { Origin = "https://evil.example" });
        Assert.Equal(RejectionCode.PasskeyNotAccepted, RejectionOf(await RegisterAsync(browser, wrong, options.Ceremony)));

        var shown = ViewOf(await RegisterAsync(browser, key.Create(options.OptionsJson), options.Ceremony));
        Assert.Equal((SignInState.RecoveryCodes, 10), (shown.State, shown.RecoveryCodes!.Count));
        var completed = Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.RecoveryCodesKept()));

        var session = await ReadAsync(database => database.Sessions.SingleAsync(s => s.Id == completed.SessionId));
        Assert.Equal(["pwd", "hwk", "user", "mfa"], session.AuthenticationMethods);
    }

    [Fact]
    public async Task Remove_LastSecondFactor_TakesWhatStoodInForItAlong()
    {
        await GivenAsync();
        using var key = new SoftwareAuthenticator { Flags = UserPresent };
        var id = Assert.Single((await AddedAsync(key)).Items).Id;
        var (_, _) = await AddAuthenticatorAsync();
        var session = await SignedInAsync();
        await Account.RemoveAsync(Tenant.Id, session, id, Browser.Facts, CancellationToken.None);
        Assert.NotEqual(0, await ReadAsync(database => database.RecoveryCodes.CountAsync()));
        using var other = new SoftwareAuthenticator { Flags = UserPresent };
        id = Assert.Single((await AddedAsync(other)).Items).Id;
        var security = Host.Services.GetRequiredService<AccountSecurity>();
        var overview = Assert.IsType<AccountSecurityResult.Overview>(await security.ShowAsync(Tenant.Id, session, CancellationToken.None));
        Assert.True(overview.IsSecondFactorAsked);

        await security.RemoveAuthenticatorAsync(Tenant.Id, session, Assert.Single(overview.Authenticators).Id, Browser.Facts, CancellationToken.None);
        Assert.NotEqual(0, await ReadAsync(database => database.RecoveryCodes.CountAsync()));
        await Account.RemoveAsync(Tenant.Id, await SignedInAsync(), id, Browser.Facts, CancellationToken.None);

        Assert.Equal(0, await ReadAsync(database => database.RecoveryCodes.CountAsync()));
    }

    private static Task<SignInOutcome> RegisterAsync(Browser browser, string credentialJson, string ceremony) =>
        browser.AdvanceAsync(new StepInput.PasskeyRegistration(new PasskeyAnswer(credentialJson, ceremony)));
}
