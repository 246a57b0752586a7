using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.SignIn;

public sealed class SameAnswerSqliteTests() : SameAnswerTests(DatabaseProvider.Sqlite);

public sealed class SameAnswerPostgreSqlTests() : SameAnswerTests(DatabaseProvider.PostgreSql);

/// <summary>Whatever is wrong, what can be seen and what is written is the same: nobody learns whether there is an account.</summary>
public abstract class SameAnswerTests(DatabaseProvider provider) : SignInTestBase(provider)
{
    private const string Reference = "reference@acme.example";

    public static TheoryData<string, string> Accounts() => new()
    {
        { "unknown", "unknown_account" },
        { "disabled", "account_disabled" },
        { "elsewhere", "unknown_account" },
        { "passwordless", "wrong_secret" },
        { "unverified", "wrong_secret" },
    };

    [Theory]
    [MemberData(nameof(Accounts))]
    public async Task SignIn_AccountThatMayNot_AnswersAsForAWrongPassword(string kind, string reason)
    {
        var address = kind + "@acme.example";
        var elsewhere = await Host.CreateTenantAsync("globex");
        await Host.CreateUserAsync(Tenant, Reference, OtherPassword);
        await Host.CreateUserAsync(Tenant, "disabled@acme.example", RightPassword, user => user.DisabledAt = Clock.GetUtcNow());
        await Host.CreateUserAsync(elsewhere, "elsewhere@acme.example", RightPassword);
        await Host.CreateUserAsync(Tenant, "passwordless@acme.example", password: null);
        await Host.CreateUserAsync(Tenant, "unverified@acme.example", OtherPassword, user => user.EmailConfirmed = false);

        for (var attempt = 1; attempt <= 6; attempt++)
        {
            var expected = await NewBrowser().SignInAsync(Reference, RightPassword);
            var actual = await NewBrowser().SignInAsync(address, RightPassword);
            Assert.Equal(Comparable(expected), Comparable(actual));
        }

        await using var scope = Host.OpenTenant(Tenant);
        var counters = await scope.Database.AttemptCounters.ToDictionaryAsync(counter => counter.Subject);
        var (first, second) = (counters[AttemptReservations.SubjectOf(Reference)], counters[AttemptReservations.SubjectOf(address)]);
        Assert.Equal(2, counters.Count);
        Assert.Equal(
            (first.Failures, first.BlockedUntil, first.LastAttemptAt), (second.Failures, second.BlockedUntil, second.LastAttemptAt));
        var events = await scope.Database.SecurityEvents.ToListAsync();
        Assert.All(events, e => Assert.Equal(
            (SecurityEventKind.VerificationOf(AttemptFactor.Password), SecurityEventOutcome.Refused, null), (e.Kind, e.Outcome, e.ActorId)));
        Assert.Equal(10, events.Count);
        Assert.Contains(events, e => e.Reason == reason);
    }

    [Fact]
    public async Task SignIn_UnknownAddress_ComparesAPasswordOnceAsForAKnownOne()
    {
        var hasher = new CountingPasswordHasher(new PasswordHasher<PortalUser>());
        var host = AddHost(builder => builder.Services.AddSingleton<IPasswordHasher<PortalUser>>(hasher));

        foreach (var password in (string[])[WrongPassword, "a", new string('x', 2_000), "\uD800 half a character"])
        {
            var before = hasher.Verifications;
            await new Browser(host, Tenant).SignInAsync($"nobody{password.Length}@acme.example", password);
            Assert.Equal(before + 1, hasher.Verifications);
        }
    }

    /// <summary>Everything that a page shows, but the flow's identifier and the address itself.</summary>
    private static SignInOutcome Comparable(SignInOutcome outcome)
    {
        // Equality of the problems is by reference; there are none.
        return outcome switch
        {
            SignInOutcome.Rejected { Problems.Count: 0 } rejected => new SignInOutcome.Rejected(Blank(rejected.Flow), []),
            SignInOutcome.Throttled throttled => throttled with { Flow = Blank(throttled.Flow) },
            _ => throw new Xunit.Sdk.XunitException($"Neither refused nor throttled: {outcome}"),
        };

        static SignInView Blank(SignInView view) => view with { FlowId = Guid.Empty, Identifier = null };
    }
}
