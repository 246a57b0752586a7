using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Accounts;

public sealed class AccountSecuritySqliteTests() : AccountSecurityTests(DatabaseProvider.Sqlite);

public sealed class AccountSecurityPostgreSqlTests() : AccountSecurityTests(DatabaseProvider.PostgreSql);

public abstract class AccountSecurityTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    private AccountSecurity Security => Host.Services.GetRequiredService<AccountSecurity>();

    [Fact]
    public async Task Change_LongAfterSigningIn_NeedsAFreshSignIn()
    {
        await GivenAsync();
        await AddAuthenticatorAsync();
        var session = await SignedInAsync();
        var id = await ReadAsync(database => database.Authenticators.Select(a => a.Id).SingleAsync());

        Clock.Advance(AccountSecurity.FreshFor + TimeSpan.FromSeconds(1));

        Assert.IsType<AccountSecurityResult.Overview>(await Security.ShowAsync(Tenant.Id, session, CancellationToken.None));
        Assert.IsType<AccountSecurityResult.SignInNeeded>(await Security.BeginTotpAsync(Tenant.Id, session, CancellationToken.None));
        Assert.IsType<AccountSecurityResult.SignInNeeded>(
            await Security.ConfirmTotpAsync(Tenant.Id, session, "123456", "", Browser.Facts, CancellationToken.None));
        Assert.IsType<AccountSecurityResult.SignInNeeded>(
            await Security.RemoveAuthenticatorAsync(Tenant.Id, session, id, Browser.Facts, CancellationToken.None));
        Assert.IsType<AccountSecurityResult.SignInNeeded>(
            await Security.ReplaceRecoveryCodesAsync(Tenant.Id, session, Browser.Facts, CancellationToken.None));
        Assert.Equal(1, await ReadAsync(database => database.Authenticators.CountAsync()));
    }

    [Fact]
    public async Task Anything_SessionEnded_IsSignedOut()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        await ReadAsync(database => database.Sessions.ExecuteUpdateAsync(s => s.SetProperty(x => x.EndedAt, Clock.GetUtcNow())));

        Assert.IsType<AccountSecurityResult.SignedOut>(await Security.ShowAsync(Tenant.Id, session, CancellationToken.None));
        Assert.IsType<AccountSecurityResult.SignedOut>(await Security.BeginTotpAsync(Tenant.Id, session, CancellationToken.None));
    }

    [Fact]
    public async Task Anything_SessionOfAnotherTenant_IsSignedOut()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        var globex = await Host.CreateTenantAsync("globex");

        Assert.IsType<AccountSecurityResult.SignedOut>(await Security.ShowAsync(globex.Id, session, CancellationToken.None));
    }

    [Fact]
    public async Task Remove_TheLastApp_TakesCodesAndTrustWithIt()
    {
        await GivenAsync();
        await AddAuthenticatorAsync("First");
        var (_, codesOfSecond) = await AddAuthenticatorAsync("Second");
        Assert.Null(codesOfSecond);
        var session = await SignedInAsync();
        var ids = await ReadAsync(database => database.Authenticators.OrderBy(a => a.Id).Select(a => a.Id).ToListAsync());

        var one = Assert.IsType<AccountSecurityResult.Overview>(
            await Security.RemoveAuthenticatorAsync(Tenant.Id, session, ids[0], Browser.Facts, CancellationToken.None));
        Assert.Equal((1, 10), (one.Authenticators.Count, one.RecoveryCodesLeft));
        var none = Assert.IsType<AccountSecurityResult.Overview>(
            await Security.RemoveAuthenticatorAsync(Tenant.Id, session, ids[1], Browser.Facts, CancellationToken.None));
        Assert.Equal((0, 0, 0), (none.Authenticators.Count, none.RecoveryCodesLeft, none.TrustedDevices.Count));
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
    }

    [Fact]
    public async Task Change_AppOfAnotherPerson_DoesNothing()
    {
        await GivenAsync();
        await AddAuthenticatorAsync("Mine");
        var id = await ReadAsync(database => database.Authenticators.Select(a => a.Id).SingleAsync());
        var bob = await Host.CreateUserAsync(Tenant, "bob@acme.example", RightPassword);
        var session = await SignedInAsync();
        await ReadAsync(database => database.Sessions.Where(s => s.Id == session).ExecuteUpdateAsync(s => s.SetProperty(x => x.UserId, bob.Id)));

        await Security.RenameAuthenticatorAsync(Tenant.Id, session, id, "Stolen", CancellationToken.None);
        await Security.RemoveAuthenticatorAsync(Tenant.Id, session, id, Browser.Facts, CancellationToken.None);

        Assert.Equal("Mine", await ReadAsync(database => database.Authenticators.Select(a => a.Name).SingleAsync()));
    }

    [Theory]
    [InlineData("  My phone ", "My phone")]
    [InlineData("<b>bold</b>", "<b>bold</b>")]
    [InlineData("a\u0000b\nc", "abc")]
    [InlineData("", "")]
    public async Task Rename_WhateverIsTyped_IsKeptAsOneCleanLine(string typed, string kept)
    {
        await GivenAsync();
        await AddAuthenticatorAsync();
        var id = await ReadAsync(database => database.Authenticators.Select(a => a.Id).SingleAsync());

        var overview = Assert.IsType<AccountSecurityResult.Overview>(
            await Security.RenameAuthenticatorAsync(Tenant.Id, await SignedInAsync(), id, typed, CancellationToken.None));

        Assert.Equal(kept, Assert.Single(overview.Authenticators).Name);
    }

    [Fact]
    public async Task Confirm_WrongCodes_AreCountedTogetherWithSigningIn()
    {
        await GivenAsync();
        var session = await SignedInAsync();
        var seed = Decode(Assert.IsType<AccountSecurityResult.Enrolling>(
            await Security.BeginTotpAsync(Tenant.Id, session, CancellationToken.None)).Enrolment.Key);
        for (var attempt = 0; attempt < AttemptReservations.FreeAttempts; attempt++)
        {
            Assert.IsType<AccountSecurityResult.InvalidCode>(
                await Security.ConfirmTotpAsync(Tenant.Id, session, WrongCode(seed), "", Browser.Facts, CancellationToken.None));
        }

        Assert.IsType<AccountSecurityResult.Throttled>(
            await Security.ConfirmTotpAsync(Tenant.Id, session, CodeOf(seed), "", Browser.Facts, CancellationToken.None));
    }
}
