using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tests.SignIn;

public sealed class AttemptReservationsSqliteTests() : AttemptReservationsTests(DatabaseProvider.Sqlite);

public sealed class AttemptReservationsPostgreSqlTests() : AttemptReservationsTests(DatabaseProvider.PostgreSql);

public abstract class AttemptReservationsTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    /// <summary>The waits after the fifth wrong guess and each further one, in seconds.</summary>
    private static readonly int[] Waits = [15, 30, 60, 120, 240, 480, 960, 1800, 1800, 1800];

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WrongPassword_AgainAndAgain_IsFreeFiveTimesThenFollowedByRisingWaits(bool accountExists)
    {
        if (accountExists)
        {
            await Host.CreateUserAsync(Tenant, Address, RightPassword);
        }

        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);
        for (var guess = 1; guess < AttemptReservations.FreeAttempts; guess++)
        {
            Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await browser.PasswordAsync(WrongPassword)));
        }

        for (var index = 0; index < Waits.Length; index++)
        {
            var wait = TimeSpan.FromSeconds(Waits[index]);
            Assert.Equal(wait, AttemptReservations.DelayAfter(AttemptReservations.FreeAttempts + index));
            await RenewIfExpiredAsync(browser);
            Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await browser.PasswordAsync(WrongPassword)));

            var throttled = Assert.IsType<SignInOutcome.Throttled>(await browser.PasswordAsync(RightPassword));
            Assert.Equal((wait, RejectionCode.TooManyAttempts), (throttled.RetryAfter, throttled.Flow.Rejection));
            Assert.Equal(Clock.GetUtcNow() + wait, throttled.Flow.RetryAt);
            Clock.Advance(wait - TimeSpan.FromSeconds(1));
            await RenewIfExpiredAsync(browser);
            Assert.Equal(
                TimeSpan.FromSeconds(1), Assert.IsType<SignInOutcome.Throttled>(await browser.PasswordAsync(RightPassword)).RetryAfter);
            Clock.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 0)]
    [InlineData(5, 15)]
    [InlineData(6, 30)]
    [InlineData(11, 960)]
    [InlineData(12, 1800)]
    [InlineData(99, 1800)]
    [InlineData(int.MaxValue, 1800)]
    public void DelayAfter_Failures_IsTheScale(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), AttemptReservations.DelayAfter(failures));

    [Fact]
    public async Task RightPassword_AfterTheWait_CompletesAndStartsCountingAnew()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);
        await GuessAsync(browser, 5);
        Clock.Advance(TimeSpan.FromSeconds(15));

        Assert.IsType<SignInOutcome.Completed>(await browser.PasswordAsync(RightPassword));

        await using var scope = Host.OpenTenant(Tenant);
        Assert.Empty(await scope.Database.AttemptCounters.ToListAsync());
        browser = NewBrowser();
        await browser.IdentifyAsync(Address);
        await GuessAsync(browser, 5);
    }

    [Fact]
    public async Task WrongPassword_InManyBrowsers_IsCountedForTheAddress()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        await Host.CreateUserAsync(Tenant, "grace@acme.example", RightPassword);
        foreach (var spelling in (string[])[Address, "ADA@acme.example", " ada@ACME.example", Address, Address])
        {
            Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(spelling, WrongPassword)));
        }

        Assert.IsType<SignInOutcome.Throttled>(await NewBrowser().SignInAsync(Address, RightPassword));
        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync("grace@acme.example", RightPassword));
    }

    [Fact]
    public async Task WrongPassword_InOneTenant_IsNotCountedInAnother()
    {
        var globex = await Host.CreateTenantAsync("globex");
        await Host.CreateUserAsync(globex, Address, RightPassword);
        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);
        await GuessAsync(browser, 5);

        Assert.IsType<SignInOutcome.Completed>(await new Browser(Host, globex).SignInAsync(Address, RightPassword));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task RightPassword_AfterAHundredWrongOnes_IsAnsweredAsAWrongOne(bool accountExists)
    {
        if (accountExists)
        {
            await Host.CreateUserAsync(Tenant, Address, RightPassword);
        }

        await SetFailuresAsync(AttemptReservations.EndedAt - 1);
        Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await NewBrowser().SignInAsync(Address, WrongPassword)));
        Clock.Advance(TimeSpan.FromDays(1));

        var browser = NewBrowser();
        await browser.IdentifyAsync(Address);
        for (var attempt = 0; attempt < 7; attempt++)
        {
            Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await browser.PasswordAsync(RightPassword)));
        }

        await using var scope = Host.OpenTenant(Tenant);
        Assert.Equal(AttemptReservations.EndedAt, (await scope.Database.AttemptCounters.SingleAsync()).Failures);
        Assert.Empty(await scope.Database.Sessions.ToListAsync());
        Assert.Equal(7, await scope.Database.SecurityEvents.CountAsync(e => e.Reason == "factor_ended"));
        Assert.Equal(8, await scope.Database.SecurityEvents.CountAsync(e => e.Kind == "password_verification"));
    }

    [Fact]
    public async Task RightPassword_AfterNinetyNineWrongOnesAndTheWait_Completes()
    {
        await Host.CreateUserAsync(Tenant, Address, RightPassword);
        await SetFailuresAsync(AttemptReservations.EndedAt - 1);

        Assert.IsType<SignInOutcome.Completed>(await NewBrowser().SignInAsync(Address, RightPassword));
    }

    private static async Task GuessAsync(Browser browser, int times)
    {
        for (var guess = 0; guess < times; guess++)
        {
            Assert.Equal(RejectionCode.InvalidCredentials, RejectionOf(await browser.PasswordAsync(WrongPassword)));
        }
    }

    private static async Task RenewIfExpiredAsync(Browser browser)
    {
        if (await browser.ShowAsync() is SignInOutcome.Expired)
        {
            await browser.IdentifyAsync(Address);
        }
    }

    private async Task SetFailuresAsync(int failures)
    {
        await using var scope = Host.OpenTenant(Tenant);
        scope.Database.AttemptCounters.Add(new AttemptCounter
        {
            TenantId = Tenant.Id,
            Factor = AttemptFactor.Password,
            Subject = AttemptReservations.SubjectOf(Address),
            Failures = failures,
            LastAttemptAt = Clock.GetUtcNow(),
        });
        await scope.Database.SaveChangesAsync();
    }
}
