using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Sessions;

public sealed class SessionServiceSqliteTests() : SessionServiceTests(DatabaseProvider.Sqlite);

public sealed class SessionServicePostgreSqlTests() : SessionServiceTests(DatabaseProvider.PostgreSql);

public abstract class SessionServiceTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Host.CreateUserAsync(Tenant, Address, RightPassword, user => (user.GivenName, user.Role) = ("Ada", PortalRole.TenantAdministrator));
    }

    [Fact]
    public async Task Find_LiveSession_TellsWhoItIs()
    {
        var redeemed = await OpenSessionAsync();

        var session = await FindAsync(Host, redeemed);

        Assert.NotNull(session);
        Assert.Equal(
            (redeemed.Id, Address, "Ada", PortalRole.TenantAdministrator, Assurance.SingleFactor),
            (session.Id, session.Email, session.DisplayName, session.Role, session.AuthenticationContextClass));
        Assert.Equal(["pwd"], session.AuthenticationMethods);
    }

    [Fact]
    public async Task Find_IdleForItsLimit_GivesNothing()
    {
        var redeemed = await OpenSessionAsync();
        Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await FindAsync(Host, redeemed));
        Clock.Advance(TimeSpan.FromHours(1) - TimeSpan.FromSeconds(1));
        Assert.NotNull(await FindAsync(Host, redeemed));

        Clock.Advance(TimeSpan.FromHours(1));

        Assert.Null(await FindAsync(Host, redeemed));
        Assert.False(await IsLiveAsync(Host, redeemed));
    }

    [Fact]
    public async Task IsLive_Asked_DoesNotCountAsUse()
    {
        var redeemed = await OpenSessionAsync();
        for (var minutes = 10; minutes < 60; minutes += 10)
        {
            Clock.Advance(TimeSpan.FromMinutes(10));
            Assert.True(await IsLiveAsync(Host, redeemed));
        }

        Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.False(await IsLiveAsync(Host, redeemed));
        Assert.Null(await FindAsync(Host, redeemed));
    }

    [Fact]
    public async Task Find_UsedAllTheTime_EndsAtTheOverallLimit()
    {
        var redeemed = await OpenSessionAsync();
        for (var half = 1; half < 48; half++)
        {
            Clock.Advance(TimeSpan.FromMinutes(30));
            Assert.NotNull(await FindAsync(Host, redeemed));
        }

        Clock.Advance(TimeSpan.FromMinutes(30));

        Assert.Null(await FindAsync(Host, redeemed));
        Assert.False(await IsLiveAsync(Host, redeemed));
    }

    [Fact]
    public async Task Find_RememberedSession_LivesThirtyDaysIdleOrNot()
    {
        var redeemed = await OpenSessionAsync(remember: true);
        Clock.Advance(TimeSpan.FromDays(30) - TimeSpan.FromSeconds(1));
        Assert.True(await IsLiveAsync(Host, redeemed));
        Assert.True((await FindAsync(Host, redeemed))?.IsRemembered);

        Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Null(await FindAsync(Host, redeemed));
    }

    [Fact]
    public async Task Find_AccountDisabled_GivesNothing()
    {
        var redeemed = await OpenSessionAsync();
        await using (var scope = Host.OpenTenant(Tenant))
        {
            await scope.Database.Users.ExecuteUpdateAsync(u => u.SetProperty(x => x.DisabledAt, Clock.GetUtcNow()));
        }

        Assert.Null(await FindAsync(Host, redeemed));
        Assert.False(await IsLiveAsync(Host, redeemed));
    }

    [Fact]
    public async Task Find_InOtherTenant_GivesNothing()
    {
        var redeemed = await OpenSessionAsync();
        var globex = await Host.CreateTenantAsync("globex");

        Assert.Null(await FindAsync(Host, redeemed, globex));
        Assert.False(await IsLiveAsync(Host, redeemed, globex));
    }

    [Fact]
    public async Task Find_UnknownToken_GivesNothing() =>
        Assert.Null(await FindAsync(Host, new RedeemedSession(Guid.Empty, Secret.Create(), default, IsRemembered: false, TrustedDevice: null)));

    [Fact]
    public async Task Find_ManyTimesAMinute_WritesTheLastUseOnce()
    {
        var redeemed = await OpenSessionAsync();
        var start = Clock.GetUtcNow();
        var written = new HashSet<DateTimeOffset>();
        for (var second = 0; second < 150; second += 10)
        {
            await FindAsync(Host, redeemed);
            await using var scope = Host.OpenTenant(Tenant);
            written.Add(await scope.Database.Sessions.Select(session => session.LastSeenAt).SingleAsync());
            Clock.Advance(TimeSpan.FromSeconds(10));
        }

        Assert.Equal([start, start.AddMinutes(1), start.AddMinutes(2)], written.Order());
    }

    [Fact]
    public async Task End_OnOneNode_IsEffectiveOnTheOtherAtOnceAndRecordedOnce()
    {
        var redeemed = await OpenSessionAsync();
        var otherNode = AddHost();
        Assert.NotNull(await FindAsync(otherNode, redeemed));

        await EndAsync(redeemed.Id);
        await EndAsync(redeemed.Id);

        Assert.Null(await FindAsync(otherNode, redeemed));
        Assert.False(await IsLiveAsync(otherNode, redeemed));
        await using var scope = Host.OpenTenant(Tenant);
        var ended = await scope.Database.SecurityEvents.SingleAsync(e => e.Kind == SecurityEventKind.SessionEnded);
        Assert.Equal((redeemed.Id, SessionEndReason.SignedOut), (ended.SessionId, ended.Reason));
    }

    [Fact]
    public async Task End_LiveSession_EndsItAndNoOther()
    {
        var (first, second) = (await OpenSessionAsync(), await OpenSessionAsync());
        await using (var scope = Host.OpenTenant(Tenant))
        {
            await scope.Services.GetRequiredService<SessionService>()
                .EndAsync(first.Id, SessionEndReason.SignedOut, Browser.Facts, CancellationToken.None);
        }

        Assert.Null(await FindAsync(Host, first));
        Assert.NotNull(await FindAsync(Host, second));
    }

    private async Task<RedeemedSession> OpenSessionAsync(bool remember = false)
    {
        var browser = NewBrowser();
        var completed = Assert.IsType<SignInOutcome.Completed>(await browser.SignInAsync(Address, RightPassword, remember));
        await using var scope = Host.OpenTenant(Tenant);
        return (await scope.Services.GetRequiredService<SessionService>().RedeemAsync(
            completed.HandoffTicket, browser.BindingHash, presentSessionIds: [], Browser.Facts, CancellationToken.None))!;
    }

    private async Task<ActiveSession?> FindAsync(CoreHost host, RedeemedSession session, TenantProfile? tenant = null)
    {
        await using var scope = host.OpenTenant(tenant ?? Tenant);
        return await scope.Services.GetRequiredService<SessionService>().FindAsync(session.Token, CancellationToken.None);
    }

    private async Task<bool> IsLiveAsync(CoreHost host, RedeemedSession session, TenantProfile? tenant = null)
    {
        await using var scope = host.OpenTenant(tenant ?? Tenant);
        return await scope.Services.GetRequiredService<SessionService>().IsLiveAsync(session.Id, CancellationToken.None);
    }

    private async Task EndAsync(Guid sessionId)
    {
        await using var scope = Host.OpenTenant(Tenant);
        await scope.Services.GetRequiredService<SessionService>()
            .EndAsync(sessionId, SessionEndReason.SignedOut, Browser.Facts, CancellationToken.None);
    }
}
