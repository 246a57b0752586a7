using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Sessions;

public sealed class HandoffSqliteTests() : HandoffTests(DatabaseProvider.Sqlite);

public sealed class HandoffPostgreSqlTests() : HandoffTests(DatabaseProvider.PostgreSql);

public abstract class HandoffTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    private Browser _browser = null!;
    private SignInOutcome.Completed _completed = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        _browser = NewBrowser();
        _completed = Assert.IsType<SignInOutcome.Completed>(await _browser.SignInAsync(Address, RightPassword));
    }

    [Fact]
    public async Task Redeem_OwnTicket_OpensTheSession()
    {
        var redeemed = await RedeemAsync(Host);

        Assert.NotNull(redeemed);
        Assert.Equal((_completed.SessionId, Clock.GetUtcNow().AddHours(24), false), (redeemed.Id, redeemed.ExpiresAt, redeemed.IsRemembered));
        await using var scope = Host.OpenTenant(Tenant);
        var session = await scope.Services.GetRequiredService<SessionService>().FindAsync(redeemed.Token, CancellationToken.None);
        Assert.Equal((redeemed.Id, Address), (session?.Id, session?.Email));
        Assert.Equal(Secret.Hash(redeemed.Token), (await scope.Database.Sessions.SingleAsync()).TokenHash);
    }

    [Fact]
    public async Task Redeem_SpentTicket_GivesNothing()
    {
        Assert.NotNull(await RedeemAsync(Host));
        Assert.Null(await RedeemAsync(Host));
    }

    [Fact]
    public async Task Redeem_AtOnceOnTwoNodes_GivesExactlyOneToken()
    {
        var nodes = new[] { Host, AddHost() };

        var results = await Task.WhenAll(Enumerable.Range(0, 8).Select(n => Task.Run(() => RedeemAsync(nodes[n % 2]))));

        var redeemed = Assert.Single(results, result => result is not null)!;
        await using var scope = Host.OpenTenant(Tenant);
        Assert.NotNull(await scope.Services.GetRequiredService<SessionService>().FindAsync(redeemed.Token, CancellationToken.None));
    }

    [Fact]
    public async Task Redeem_JustWithinSixtySeconds_OpensTheSession()
    {
        Clock.Advance(TimeSpan.FromSeconds(60) - TimeSpan.FromMilliseconds(1));

        Assert.NotNull(await RedeemAsync(Host));
    }

    [Fact]
    public async Task Redeem_AfterSixtySeconds_GivesNothing()
    {
        Clock.Advance(TimeSpan.FromSeconds(60));

        Assert.Null(await RedeemAsync(Host));
    }

    [Fact]
    public async Task Redeem_OtherBrowser_GivesNothingAndSpendsNothing()
    {
        Assert.Null(await RedeemAsync(Host, bindingHash: Secret.Hash("another browser")));
        Assert.NotNull(await RedeemAsync(Host));
    }

    [Fact]
    public async Task Redeem_OtherTenant_GivesNothingAndSpendsNothing()
    {
        var globex = await Host.CreateTenantAsync("globex");

        Assert.Null(await RedeemAsync(Host, tenant: globex));
        Assert.NotNull(await RedeemAsync(Host));
    }

    [Fact]
    public async Task Redeem_UnknownTicket_GivesNothing() => Assert.Null(await RedeemAsync(Host, ticket: Secret.Create()));

    [Fact]
    public async Task Redeem_WithAnEarlierSession_EndsThatOne()
    {
        var earlier = await RedeemAsync(Host);
        var next = Assert.IsType<SignInOutcome.Completed>(await _browser.SignInAsync(Address, RightPassword));

        var redeemed = await RedeemAsync(Host, ticket: next.HandoffTicket, replaced: earlier!.Id);

        await using var scope = Host.OpenTenant(Tenant);
        var sessions = scope.Services.GetRequiredService<SessionService>();
        Assert.Null(await sessions.FindAsync(earlier.Token, CancellationToken.None));
        Assert.NotNull(await sessions.FindAsync(redeemed!.Token, CancellationToken.None));
        Assert.Equal(SessionEndReason.Replaced, (await scope.Database.Sessions.SingleAsync(s => s.Id == earlier.Id)).EndReason);
    }

    [Fact]
    public async Task Redeem_SessionEndedMeanwhile_OpensNothing()
    {
        await using (var scope = Host.OpenTenant(Tenant))
        {
            await scope.Services.GetRequiredService<SessionService>()
                .EndAsync(_completed.SessionId, SessionEndReason.SignedOut, RequestFacts.Portal, CancellationToken.None);
        }

        var redeemed = await RedeemAsync(Host);

        await using var later = Host.OpenTenant(Tenant);
        Assert.True(redeemed is null
            || await later.Services.GetRequiredService<SessionService>().FindAsync(redeemed.Token, CancellationToken.None) is null);
    }

    private async Task<RedeemedSession?> RedeemAsync(
        CoreHost host, string? ticket = null, string? bindingHash = null, TenantProfile? tenant = null, Guid? replaced = null)
    {
        await using var scope = host.OpenTenant(tenant ?? Tenant);
        return await scope.Services.GetRequiredService<SessionService>().RedeemAsync(
            ticket ?? _completed.HandoffTicket, bindingHash ?? _browser.BindingHash, replaced is { } id ? [id] : [], Browser.Facts, CancellationToken.None);
    }
}
