using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tests.SignIn;

public sealed class SignInRunnerSqliteTests() : SignInRunnerTests(DatabaseProvider.Sqlite);

public sealed class SignInRunnerPostgreSqlTests() : SignInRunnerTests(DatabaseProvider.PostgreSql);

public abstract class SignInRunnerTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    [Fact]
    public async Task SignIn_RightPassword_CompletesWithSessionTicketAndOneEvent()
    {
        var user = await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var browser = NewBrowser();

        Assert.Equal(SignInState.Password, StateOf(await browser.IdentifyAsync(Address)));
        var completed = Assert.IsType<SignInOutcome.Completed>(await browser.PasswordAsync(RightPassword));

        await using var scope = Host.OpenTenant(Tenant);
        var session = await scope.Database.Sessions.SingleAsync();
        Assert.Equal((completed.SessionId, user.Id, null), (session.Id, session.UserId, session.TokenHash));
        Assert.Equal(["pwd"], session.AuthenticationMethods);
        Assert.Equal(Assurance.SingleFactor, session.AuthenticationContextClass);
        Assert.Equal("Firefox, Windows", session.DeviceLabel);
        Assert.Equal(Clock.GetUtcNow().AddHours(24), session.ExpiresAt);
        var ticket = await scope.Database.HandoffTickets.SingleAsync();
        Assert.Equal((Secret.Hash(completed.HandoffTicket), session.Id), (ticket.TicketHash, ticket.SessionId));
        var securityEvent = await scope.Database.SecurityEvents.SingleAsync();
        Assert.Equal((SecurityEventKind.SignIn, SecurityEventOutcome.Success), (securityEvent.Kind, securityEvent.Outcome));
        Assert.Equal((user.Id, session.Id, "203.0.113.7"), (securityEvent.SubjectId, securityEvent.SessionId, securityEvent.IpAddress));
        Assert.Empty(await scope.Database.AttemptCounters.ToListAsync());
        Assert.Equal(Clock.GetUtcNow(), (await scope.Database.Users.SingleAsync()).LastSignInAt);
    }

    [Fact]
    public async Task SignIn_RightPassword_LogsAndStoresNoSecret()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var input = new StepInput.Password(RightPassword, Remember: true);

        Assert.DoesNotContain(RightPassword, input.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(RightPassword, new StepInput.NewPassword(RightPassword).ToString(), StringComparison.Ordinal);
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
        await using var scope = Host.OpenTenant(Tenant);
        var hash = (await scope.Database.Users.SingleAsync()).PasswordHash;
        Assert.NotNull(hash);
        Assert.DoesNotContain(RightPassword, hash, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    public async Task SignIn_BlankPassword_IsRefusedAndNotCounted(string? blank)
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);

        Assert.Equal(RejectionCode.PasswordMissing, RejectionOf(await browser.PasswordAsync(blank)));

        await using var scope = Host.OpenTenant(Tenant);
        Assert.Empty(await scope.Database.AttemptCounters.ToListAsync());
        Assert.Empty(await scope.Database.SecurityEvents.ToListAsync());
    }

    [Fact]
    public async Task SignIn_WrongThenRightPassword_Completes()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);

        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await browser.PasswordAsync(WrongPassword)));
        var shown = Assert.IsType<SignInOutcome.Continue>(await browser.ShowAsync()).Flow;
        Assert.Equal((SignInState.Password, RejectionCode.InvalidCredentials, Address), (shown.State, shown.Rejection, shown.Identifier));
        Assert.IsType<SignInOutcome.Completed>(await browser.PasswordAsync(RightPassword));
    }

    [Fact]
    public async Task SignIn_AddressInOtherCaseAndWithBlanks_IsTheSameAccount()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync("  ADA@Acme.Example ", RightPassword));
    }

    [Fact]
    public async Task Identify_AgainInPasswordState_ChangesTheAddress()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        await Host.CreateUserAsync(Tenant, "grace@acme.example", OtherPassword);
        var browser = NewBrowser();
        await browser.IdentifyAsync("grace@acme.example");
        await browser.PasswordAsync(WrongPassword);

        var view = Assert.IsType<SignInOutcome.Continue>(await browser.AdvanceAsync(new StepInput.Identify(Address))).Flow;

        Assert.Equal((browser.FlowId, SignInState.Password, Address, null), (view.FlowId, view.State, view.Identifier, view.Rejection));
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await browser.PasswordAsync(OtherPassword)));
        Assert.IsType<SignInOutcome.Completed>(await browser.PasswordAsync(RightPassword));
    }

    [Fact]
    public async Task Identify_AgainMalformed_KeepsTheAddress()
    {
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);

        var rejected = Assert.IsType<SignInOutcome.Rejected>(await browser.AdvanceAsync(new StepInput.Identify("nobody")));

        Assert.Equal((RejectionCode.AddressMalformed, Address), (rejected.Flow.Rejection, rejected.Flow.Identifier));
    }

    [Fact]
    public async Task Advance_StepThatIsNotOffered_ChangesNothing()
    {
        var user = await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);

        var view = Assert.IsType<SignInOutcome.Continue>(await browser.NewPasswordAsync(OtherPassword)).Flow;

        Assert.Equal((SignInState.Password, null), (view.State, view.Rejection));
        await using var scope = Host.OpenTenant(Tenant);
        Assert.Equal(user.PasswordHash, (await scope.Database.Users.SingleAsync()).PasswordHash);
        Assert.Equal(1, (await scope.Database.Flows.SingleAsync()).Version);
    }

    [Fact]
    public async Task Advance_TwoRightPasswordsAtOnce_CompletesExactlyOnce()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);
        var otherNode = browser.At(AddHost(), Tenant);

        var outcomes = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(n => Task.Run(() => (n % 2 == 0 ? browser : otherNode).PasswordAsync(RightPassword))));

        Assert.Single(outcomes.OfType<SignInOutcome.Completed>());
        Assert.Equal(3, outcomes.OfType<SignInOutcome.Expired>().Count(expired => expired.Identifier == Address));
        await using var scope = Host.OpenTenant(Tenant);
        Assert.Equal(1, await scope.Database.Sessions.CountAsync());
        Assert.Equal(1, await scope.Database.HandoffTickets.CountAsync());
        Assert.Equal(1, await scope.Database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.SignIn));
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task SignIn_Remember_HoldsOnlyWherePolicyAllows(bool allowed, bool asked, bool remembered)
    {
        var tenant = await Host.CreateTenantAsync("globex", new TenantPolicy { AllowRememberedSessions = allowed });
        await Host.CreateUserAsync(tenant, Address, RightPassword);

        await new Browser(Host, tenant).SignInAsync(Address, RightPassword, asked);

        await using var scope = Host.OpenTenant(tenant);
        var session = await scope.Database.Sessions.SingleAsync();
        var lifetime = remembered ? TimeSpan.FromDays(30) : TimeSpan.FromHours(24);
        Assert.Equal((remembered, Clock.GetUtcNow() + lifetime), (session.IsRemembered, session.ExpiresAt));
        Assert.Equal((int)(remembered ? lifetime : TimeSpan.FromHours(1)).TotalSeconds, session.IdleSeconds);
    }

    [Theory]
    [InlineData("account?tab=sessions", "account?tab=sessions")]
    [InlineData("//evil.example", null)]
    [InlineData("https://evil.example", null)]
    [InlineData(null, null)]
    public async Task SignIn_ReturnUrl_IsGivenBackOnlyWhenItPassesTheGate(string? given, string? expected)
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var browser = NewBrowser();

        var begun = Assert.IsType<SignInOutcome.Continue>(await browser.IdentifyAsync(Address, given));
        var completed = Assert.IsType<SignInOutcome.Completed>(await browser.PasswordAsync(RightPassword));

        Assert.Equal((expected, expected), (begun.Flow.ReturnUrl, completed.ReturnUrl));
    }
}
