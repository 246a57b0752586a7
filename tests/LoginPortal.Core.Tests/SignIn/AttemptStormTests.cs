using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.SignIn;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Tests.SignIn;

public sealed class AttemptStormSqliteTests() : AttemptStormTests(DatabaseProvider.Sqlite);

public sealed class AttemptStormPostgreSqlTests() : AttemptStormTests(DatabaseProvider.PostgreSql);

/// <summary>Many guesses at once, and more of them than can be hashed.</summary>
public abstract class AttemptStormTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    private readonly CountingPasswordHasher _hasher = new(
        new PasswordHasher<PortalUser>(Options.Create(new PasswordHasherOptions { IterationCount = 1_000 })));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WrongPassword_TwoHundredAtOnceOnTwoNodes_EvaluatesNoMoreThanTheFreeOnes(bool accountExists)
    {
        if (accountExists)
        {
            await Host.CreateUserAsync(Tenant, Address, RightPassword);
        }

        var nodes = new[] { NewNode(), NewNode() };
        var browsers = Enumerable.Range(0, 200).Select(n => new Browser(nodes[n % 2], Tenant)).ToList();
        foreach (var browser in browsers)
        {
            await browser.IdentifyAsync(Address);
        }

        var outcomes = await Task.WhenAll(browsers.Select((browser, n) => Task.Run(() => browser.PasswordAsync($"{WrongPassword}-{n}"))));

        Assert.Equal(AttemptReservations.FreeAttempts, _hasher.Verifications);
        Assert.Equal(AttemptReservations.FreeAttempts, outcomes.OfType<SignInOutcome.Rejected>().Count());
        Assert.Equal(195, outcomes.OfType<SignInOutcome.Throttled>().Count());
        await using var scope = Host.OpenTenant(Tenant);
        Assert.Equal(AttemptReservations.FreeAttempts, (await scope.Database.AttemptCounters.SingleAsync()).Failures);
    }

    [Fact]
    public async Task Password_HashingQueueFull_IsNotCounted()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var node = NewNode(hashing => (hashing.MaximumConcurrency, hashing.QueueLimit) = (1, 0));
        using var entered = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        _hasher.BeforeVerification = () =>
        {
            entered.Release();
            release.Wait();
        };
        var (other, browser) = (new Browser(node, Tenant), new Browser(node, Tenant));
        await other.IdentifyAsync("grace@acme.example");
        await browser.IdentifyAsync(Address);
        var underWay = Task.Run(() => other.PasswordAsync(WrongPassword));
        Assert.True(await entered.WaitAsync(TimeSpan.FromMinutes(1)));

        // More often than there are free guesses: none is counted.
        for (var attempt = 0; attempt < 7; attempt++)
        {
            var throttled = Assert.IsType<SignInOutcome.Throttled>(await browser.PasswordAsync(RightPassword));
            Assert.Equal((SignInRunner.BusyDelay, RejectionCode.Busy), (throttled.RetryAfter, throttled.Flow.Rejection));
        }

        release.Release(2);
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await underWay));
        await using var scope = Host.OpenTenant(Tenant);
        Assert.Equal(0, await scope.Database.AttemptCounters.Where(c => c.Subject == AttemptReservations.SubjectOf(Address)).SumAsync(c => c.Failures));
        Assert.IsType<SignInOutcome.Completed>(await browser.PasswordAsync(RightPassword));
    }

    [Fact]
    public async Task Password_QueueFullAtTheFifthGuess_CausesNoWait()
    {
        var node = NewNode(hashing => (hashing.MaximumConcurrency, hashing.QueueLimit) = (1, 0));
        var browser = new Browser(node, Tenant);
        await browser.IdentifyAsync(Address);
        for (var guess = 1; guess < AttemptReservations.FreeAttempts; guess++)
        {
            await browser.PasswordAsync(WrongPassword);
        }

        using var entered = new SemaphoreSlim(0);
        using var release = new SemaphoreSlim(0);
        _hasher.BeforeVerification = () =>
        {
            entered.Release();
            release.Wait();
        };
        var other = new Browser(node, Tenant);
        await other.IdentifyAsync("grace@acme.example");
        var underWay = Task.Run(() => other.PasswordAsync(WrongPassword));
        Assert.True(await entered.WaitAsync(TimeSpan.FromMinutes(1)));
        Assert.Equal(RejectionCode.Busy, Assert.IsType<SignInOutcome.Throttled>(await browser.PasswordAsync(WrongPassword)).Flow.Rejection);
        release.Release(2);
        await underWay;

        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await browser.PasswordAsync(WrongPassword)));
        Assert.IsType<SignInOutcome.Throttled>(await browser.PasswordAsync(WrongPassword));
    }

    private CoreHost NewNode(Action<PasswordHashingOptions>? hashing = null) => AddHost(builder =>
    {
        builder.Services.AddSingleton<IPasswordHasher<PortalUser>>(_hasher);
        builder.Services.PostConfigure<PasswordHashingOptions>(options => hashing?.Invoke(options));
    });
}
