using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tests.SignIn;

public sealed class StatesAfterPasswordSqliteTests() : StatesAfterPasswordTests(DatabaseProvider.Sqlite);

public sealed class StatesAfterPasswordPostgreSqlTests() : StatesAfterPasswordTests(DatabaseProvider.PostgreSql);

/// <summary>A right password that is not the end of it.</summary>
public abstract class StatesAfterPasswordTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    [Fact]
    public async Task SignIn_UnverifiedAddress_IsToldSoOnlyAfterTheRightPassword()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword, user => user.EmailConfirmed = false);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);

        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await browser.PasswordAsync(WrongPassword)));
        Assert.Equal(SignInState.EmailVerification, StateOf(await browser.PasswordAsync(RightPassword)));

        await AssertNoSessionAsync();
    }

    [Fact]
    public async Task SignIn_PasswordMustChange_LeadsThroughANewPassword()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var earlier = Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
        await RequirePasswordChangeAsync();
        var browser = NewBrowser();

        Assert.Equal(SignInState.PasswordChange, StateOf(await browser.SignInAsync(Address, RightPassword)));
        var weak = Assert.IsType<SignInOutcome.Rejected>(await browser.NewPasswordAsync("password"));
        Assert.Equal(RejectionCode.PasswordNotAllowed, weak.Flow.Rejection);
        Assert.Equal([PasswordProblem.TooShort, PasswordProblem.Common], weak.Problems);
        Assert.Equal(RejectionCode.PasswordUnchanged, RejectionOf(await browser.NewPasswordAsync(RightPassword)));
        var completed = Assert.IsType<SignInOutcome.Completed>(await browser.NewPasswordAsync(OtherPassword));

        await using var scope = Host.OpenTenant(Tenant);
        var sessions = await scope.Database.Sessions.ToDictionaryAsync(session => session.Id);
        Assert.Equal(
            (Clock.GetUtcNow(), SessionEndReason.PasswordChanged),
            (sessions[earlier.SessionId].EndedAt, sessions[earlier.SessionId].EndReason));
        Assert.Null(sessions[completed.SessionId].EndedAt);
        Assert.Equal(1, await scope.Database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.PasswordChanged));
        Assert.False((await scope.Database.Users.SingleAsync()).PasswordChangeRequired);
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, OtherPassword));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(Address, RightPassword)));
    }

    [Theory]
    [InlineData(-1, true)]
    [InlineData(0, false)]
    [InlineData(1, false)]
    public async Task SignIn_RequiredSecondFactor_IsOwedFromTheDateOn(int secondsAfterDate, bool isPostponable)
    {
        var policy = new TenantPolicy
        {
            SecondFactor = SecondFactorRequirement.Required,
            SecondFactorRequiredFrom = Clock.GetUtcNow().AddSeconds(-secondsAfterDate),
        };
        var tenant = await Host.CreateTenantAsync("globex", policy);
        await Host.CreateUserAsync(tenant, Address, RightPassword);

        var view = Assert.IsType<SignInOutcome.Continue>(await new Browser(Host, tenant).SignInAsync(Address, RightPassword)).Flow;

        Assert.Equal((SignInState.SecondFactorEnrolment, isPostponable), (view.State, view.PostponableUntil is not null));
    }

    [Fact]
    public async Task SignIn_PasswordMustChangeAndSecondFactorOwed_OwesTheFactorAfterTheChange()
    {
        var tenant = await Host.CreateTenantAsync("globex", new TenantPolicy { SecondFactor = SecondFactorRequirement.Required });
        await Host.CreateUserAsync(tenant, Address, RightPassword, user => user.PasswordChangeRequired = true);
        var browser = new Browser(Host, tenant);

        Assert.Equal(SignInState.PasswordChange, StateOf(await browser.SignInAsync(Address, RightPassword)));
        Assert.Equal(SignInState.SecondFactorEnrolment, StateOf(await browser.NewPasswordAsync(OtherPassword)));
    }

    [Fact]
    public async Task NewPassword_AccountDisabledMeanwhile_ExpiresAndChangesNothing()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword, user => user.PasswordChangeRequired = true);
        var browser = NewBrowser();
        await browser.SignInAsync(Address, RightPassword);
        await UpdateUserAsync(user => user.DisabledAt = Clock.GetUtcNow());

        Assert.Equal(new SignInOutcome.Expired(Address), await browser.NewPasswordAsync(OtherPassword));

        await UpdateUserAsync(user => user.DisabledAt = null);
        Assert.Equal(SignInState.PasswordChange, StateOf(await NewBrowser().SignInAsync(Address, RightPassword)));
    }

    [Fact]
    public async Task NewPassword_PasswordChangedInAnotherFlowMeanwhile_ExpiresAndChangesNothing()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword, user => user.PasswordChangeRequired = true);
        var (owner, stranger) = (NewBrowser(), NewBrowser());
        await stranger.SignInAsync(Address, RightPassword);
        await owner.SignInAsync(Address, RightPassword);
        Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.IsType<SignInOutcome.Completed>(await owner.NewPasswordAsync(OtherPassword));

        var outcome = await stranger.NewPasswordAsync("a-third-password-for-nobody-here");

        Assert.Equal(new SignInOutcome.Expired(Address), outcome);
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, OtherPassword));
    }

    [Fact]
    public async Task NewPassword_TwoFlowsAtOnce_OnlyOneChangesThePassword()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword, user => user.PasswordChangeRequired = true);
        var browsers = new[] { NewBrowser(), NewBrowser(), NewBrowser(), NewBrowser() };
        foreach (var browser in browsers)
        {
            await browser.SignInAsync(Address, RightPassword);
        }

        Clock.Advance(TimeSpan.FromSeconds(1));
        var outcomes = await Task.WhenAll(browsers.Select((browser, n) => Task.Run(() => browser.NewPasswordAsync($"{n}-{OtherPassword}"))));

        Assert.Single(outcomes.OfType<SignInOutcome.Completed>());
        await using var scope = Host.OpenTenant(Tenant);
        Assert.Equal(1, await scope.Database.Sessions.CountAsync(session => session.EndedAt == null));
    }

    private Task RequirePasswordChangeAsync() => UpdateUserAsync(user => user.PasswordChangeRequired = true);

    private async Task UpdateUserAsync(Action<PortalUser> change)
    {
        await using var scope = Host.OpenTenant(Tenant);
        change(await scope.Database.Users.SingleAsync());
        await scope.Database.SaveChangesAsync();
    }

    private async Task AssertNoSessionAsync()
    {
        await using var scope = Host.OpenTenant(Tenant);
        Assert.Empty(await scope.Database.Sessions.ToListAsync());
        Assert.Empty(await scope.Database.HandoffTickets.ToListAsync());
    }
}
