using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Tests.Sessions;

public sealed class PasswordChangeRaceSqliteTests() : PasswordChangeRaceTests(DatabaseProvider.Sqlite);

public sealed class PasswordChangeRacePostgreSqlTests() : PasswordChangeRaceTests(DatabaseProvider.PostgreSql);

/// <summary>Whoever knows the old password must not be in once it has been changed, however close the two came.</summary>
public abstract class PasswordChangeRaceTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    [Fact]
    public async Task SignIn_PasswordChangedBetweenComparisonAndCommit_LeavesNoLiveSession()
    {
        var hasher = new CountingPasswordHasher(
            new PasswordHasher<PortalUser>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })));
        var node = AddHost(builder => builder.Services.AddSingleton<IPasswordHasher<PortalUser>>(hasher));
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        using var entered = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        hasher.BeforeVerification = () =>
        {
            entered.Release();
            release.Wait();
        };
        var browser = new Browser(node, Tenant);
        await browser.IdentifyAsync(Address);
        var signIn = Task.Run(() => browser.PasswordAsync(RightPassword));
        Assert.True(await entered.WaitAsync(TimeSpan.FromMinutes(1)));

        await ChangePasswordAsync(OtherPassword);
        release.Release();

        Assert.Equal(new SignInOutcome.Expired(Address), await signIn);
        await AssertNoLiveSessionAsync();
    }

    [Fact]
    public async Task SignIn_AccountDisabledBetweenComparisonAndCommit_LeavesNoLiveSession()
    {
        var hasher = new CountingPasswordHasher(
            new PasswordHasher<PortalUser>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })));
        var node = AddHost(builder => builder.Services.AddSingleton<IPasswordHasher<PortalUser>>(hasher));
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        hasher.BeforeVerification = () =>
        {
            using var scope = Host.CreateScope();
            scope.ServiceProvider.GetRequiredService<PortalDbContext>().Users.IgnoreQueryFilters()
                .ExecuteUpdate(u => u.SetProperty(x => x.DisabledAt, Clock.GetUtcNow()));
        };

        Assert.Equal(new SignInOutcome.Expired(Address), await new Browser(node, Tenant).SignInAsync(Address, RightPassword));
        await AssertNoLiveSessionAsync();
    }

    [Fact]
    public async Task SignIn_RacingAPasswordChange_LeavesNoLiveSession()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var nodes = new[] { Host, AddHost() };
        var (present, next) = (RightPassword, OtherPassword);
        for (var round = 0; round < 10; round++)
        {
            var browsers = nodes.Select(node => new Browser(node, Tenant)).ToList();
            foreach (var browser in browsers)
            {
                await browser.IdentifyAsync(Address);
            }

            var signIns = browsers.Select(browser => Task.Run(() => browser.PasswordAsync(present))).ToList();
            await Task.WhenAll([.. signIns, Task.Run(() => ChangePasswordAsync(next))]);

            await AssertNoLiveSessionAsync();
            (present, next) = (next, present);
        }
    }

    private async Task ChangePasswordAsync(string password)
    {
        await using var scope = Host.OpenTenant(Tenant);
        var passwords = scope.Services.GetRequiredService<PasswordChanges>();
        var user = await scope.Database.Users.SingleAsync();
        var ready = Assert.IsType<PasswordChange.Ready>(await passwords.PrepareAsync(user, password, Tenant, CancellationToken.None));
        await using var transaction = await scope.Database.Database.BeginTransactionAsync();
        await passwords.ApplyAsync(scope.Database, Tenant, user, ready.Hash, RequestFacts.Portal, reason: null, keptSessionId: null, CancellationToken.None);
        await scope.Database.SaveChangesAsync();
        await transaction.CommitAsync();
    }

    private async Task AssertNoLiveSessionAsync()
    {
        await using var scope = Host.OpenTenant(Tenant);
        Assert.Empty(await scope.Database.Sessions.Where(session => session.EndedAt == null).ToListAsync());
    }
}
