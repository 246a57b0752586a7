using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.SecondFactors;

public sealed class TrustedDeviceSqliteTests() : TrustedDeviceTests(DatabaseProvider.Sqlite);

public sealed class TrustedDevicePostgreSqlTests() : TrustedDeviceTests(DatabaseProvider.PostgreSql);

public abstract class TrustedDeviceTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    [Fact]
    public async Task TrustedDevice_WithThePassword_LeavesOutTheSecondFactorOnly()
    {
        var token = await TrustAsync();

        var completed = Assert.IsType<SignInOutcome.Completed>(await SignInWithAsync(token));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await SignInWithAsync(token, "green-kettle-sleeps-at-dawn")));
        Assert.Equal(SignInState.SecondFactor, ViewOf(await SignInWithAsync("another-token")).State);

        var session = await ReadAsync(database => database.Sessions.SingleAsync(s => s.Id == completed.SessionId));
        Assert.Equal((Assurance.SingleFactor, "pwd"), (session.AuthenticationContextClass, Assert.Single(session.AuthenticationMethods)));
    }

    [Fact]
    public async Task TrustedDevice_WhereSomebodyMustProveAnewWhoTheyAre_MeansNothing()
    {
        var token = await TrustAsync();
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address, isStepUp: true);

        // Going back to the address, which says nothing of it, takes nothing away.
        await browser.AdvanceAsync(new StepInput.Identify(Address));

        Assert.Equal(SignInState.SecondFactor, ViewOf(await browser.AdvanceAsync(new StepInput.Password(RightPassword, false, token))).State);
    }

    [Fact]
    public async Task TrustedDevice_AfterThePolicysDays_IsAskedAgain()
    {
        var token = await TrustAsync();

        Clock.Advance(TimeSpan.FromDays(30));

        Assert.Equal(SignInState.SecondFactor, ViewOf(await SignInWithAsync(token)).State);
    }

    [Fact]
    public async Task TrustedDevice_PolicyShortenedOrTurnedOff_IsAskedAgain()
    {
        var token = await TrustAsync();
        Clock.Advance(TimeSpan.FromDays(8));
        Assert.IsType<SignInOutcome.Completed>(await SignInWithAsync(token));

        await SetPolicyAsync(new TenantPolicy { TrustedDeviceDays = 7 });
        Assert.Equal(SignInState.SecondFactor, ViewOf(await SignInWithAsync(token)).State);
        await SetPolicyAsync(new TenantPolicy { TrustedDeviceDays = 0 });
        Assert.Equal(SignInState.SecondFactor, ViewOf(await SignInWithAsync(token)).State);
    }

    [Fact]
    public async Task TrustedDevice_OfAnotherPerson_MeansNothing()
    {
        var token = await TrustAsync();
        var stored = await ReadAsync(database => database.TrustedDevices.SingleAsync());
        Assert.NotEqual(token, stored.TokenHash);
        var other = await Host.CreateUserAsync(Tenant, "bob@acme.example", RightPassword);
        await using var scope = Host.OpenTenant(Tenant);

        var exemption = scope.Services.GetRequiredService<ISecondFactorExemption>();

        Assert.False(await exemption.IsExemptAsync(other, Tenant.Policy, token, CancellationToken.None));
        Assert.True(await exemption.IsExemptAsync(User, Tenant.Policy, token, CancellationToken.None));
        await using var elsewhere = Host.OpenTenant(await Host.CreateTenantAsync("globex"));
        Assert.False(await elsewhere.Services.GetRequiredService<ISecondFactorExemption>()
            .IsExemptAsync(User, Tenant.Policy, token, CancellationToken.None));
    }

    [Fact]
    public async Task TrustedDevice_PasswordChanged_IsGone()
    {
        var token = await TrustAsync();
        await ReadAsync(database => database.Users.ExecuteUpdateAsync(u => u.SetProperty(x => x.PasswordChangeRequired, true)));
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);
        Assert.Equal(
            SignInState.PasswordChange,
            ViewOf(await browser.AdvanceAsync(new StepInput.Password(RightPassword, false, token))).State);
        Assert.IsType<SignInOutcome.Completed>(await browser.NewPasswordAsync(OtherPassword));

        Assert.Equal(SignInState.SecondFactor, ViewOf(await SignInWithAsync(token, OtherPassword)).State);
    }

    [Fact]
    public async Task TrustedDevice_TakenBack_IsAskedAgain()
    {
        var token = await TrustAsync();
        var security = Host.Services.GetRequiredService<AccountSecurity>();
        var session = await SignedInAsync();
        var device = Assert.Single(Assert.IsType<AccountSecurityResult.Overview>(
            await security.ShowAsync(Tenant.Id, session, CancellationToken.None)).TrustedDevices);
        Assert.Equal("Firefox, Windows", device.DeviceLabel);

        await security.RemoveTrustedDeviceAsync(Tenant.Id, session, device.Id, Browser.Facts, CancellationToken.None);

        Assert.Equal(SignInState.SecondFactor, ViewOf(await SignInWithAsync(token)).State);
    }

    [Fact]
    public async Task TrustedDevice_WishAgainstThePolicy_IsNotGranted()
    {
        await GivenAsync(new TenantPolicy { TrustedDeviceDays = 0 });

        Assert.Null(await TrustAsync(given: true));
        Assert.Equal(0, await ReadAsync(database => database.TrustedDevices.CountAsync()));
    }

    private async Task<string?> TrustAsync(bool given = false)
    {
        if (!given)
        {
            await GivenAsync();
        }

        var (seed, _) = await AddAuthenticatorAsync();
        var browser = NewBrowser();
        await browser.SignInAsync(Address, RightPassword);
        var completed = Assert.IsType<SignInOutcome.Completed>(await browser.AdvanceAsync(new StepInput.Totp(CodeOf(seed), TrustDevice: true)));
        await using var scope = Host.OpenTenant(Tenant);
        var redeemed = await scope.Services.GetRequiredService<SessionService>().RedeemAsync(
            completed.HandoffTicket, browser.BindingHash, presentSessionIds: [], Browser.Facts, CancellationToken.None);
        return redeemed!.TrustedDevice?.Token;
    }

    private async Task<SignInOutcome> SignInWithAsync(string? token, string password = RightPassword)
    {
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);
        return await browser.AdvanceAsync(new StepInput.Password(password, Remember: false, token));
    }
}
