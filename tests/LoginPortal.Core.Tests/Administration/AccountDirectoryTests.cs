using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Administration;

public sealed class AccountDirectorySqliteTests() : AccountDirectoryTests(DatabaseProvider.Sqlite);

public sealed class AccountDirectoryPostgreSqlTests() : AccountDirectoryTests(DatabaseProvider.PostgreSql);

/// <summary>A hundred thousand people, and the plans of the statements that look among them.</summary>
public abstract class AccountDirectoryTests(DatabaseProvider provider) : AdministrationTestBase(provider)
{
    private const int People = 100_000;

    [Fact]
    public async Task SearchAndAudit_AmongAHundredThousand_ReadNoMoreThanTheyShow()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        var session = await AsAdministratorAsync();
        await MultiplyAsync();
        var plans = new PlanRecorder(Database.Provider);
        var node = AddHost(builder =>
        {
            builder.Services.ConfigureDbContext<SqlitePortalDbContext>(options => options.AddInterceptors(plans));
            builder.Services.ConfigureDbContext<PostgreSqlPortalDbContext>(options => options.AddInterceptors(plans));
        });
        var accounts = node.Services.GetRequiredService<AccountDirectory>();
        var trail = node.Services.GetRequiredService<AuditTrail>();
        var subject = Guid.NewGuid();

        foreach (var search in (string?[])[null, "person77", "given 9", "family 123", "nobody at all"])
        {
            var page = AnswerOf(await accounts.ListAsync(session, new AccountQuery { Search = search, PageSize = 20 }, CancellationToken.None))!;
            Assert.Equal(search is "nobody at all" ? 0 : 20, page.Items.Count);
            if (page.NextCursor is { } cursor)
            {
                var next = AnswerOf(await accounts.ListAsync(
                    session, new AccountQuery { Search = search, PageSize = 20, Cursor = cursor }, CancellationToken.None))!;
                Assert.Empty(next.Items.Select(item => item.Id).Intersect(page.Items.Select(item => item.Id)));
            }
        }

        foreach (var query in (AuditQuery[])[new(), new() { Kind = SecurityEventKind.SignIn }, new() { SubjectId = subject }, new() { ActorId = subject }])
        {
            Assert.NotNull(AnswerOf(await trail.ListAsync(session, query with { PageSize = 20 }, CancellationToken.None)));
        }

        Assert.True(plans.Found.Count >= 15, string.Join('\n', plans.Found));
        Assert.Equal("", string.Join("\n\n", plans.Found.Where(plan => plan.Reads(Database.Provider)).Select(plan => $"{plan.Statement}\n{plan.Text}")));
    }

    /// <summary>Many people and what they did, in statements of the databases' own: a thousand times faster than one by one.</summary>
    private async Task MultiplyAsync()
    {
        await using var scope = Host.OpenTenant(Tenant);
        var user = await scope.Database.Users.AsNoTracking().SingleAsync();
        var isSqlite = Database.Provider == DatabaseProvider.Sqlite;
        var numbers = isSqlite
            ? $"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {People}) "
            : $"WITH numbers(n) AS (SELECT generate_series(1, {People})) ";
        var id = isSqlite ? "upper(substr(hex(randomblob(16)), 1, 8) || '-0000-7000-8000-' || substr('000000000000' || n, -12))" : "gen_random_uuid()";
        await MultiplyAsync(scope.Database, "Users", numbers, user.Id, new(StringComparer.Ordinal)
        {
            ["Id"] = id,
            ["UserName"] = "'person' || n || '@many.example'",
            ["NormalizedUserName"] = "'PERSON' || n || '@MANY.EXAMPLE'",
            ["Email"] = "'person' || n || '@many.example'",
            ["NormalizedEmail"] = "'PERSON' || n || '@MANY.EXAMPLE'",
            ["SearchName"] = "'GIVEN ' || n || ' FAMILY ' || n",
            ["SearchNameReversed"] = "'FAMILY ' || n || ' GIVEN ' || n",
            ["Role"] = "0",
        });
        var first = new SecurityEvent
        {
            Id = Guid.CreateVersion7(Clock.GetUtcNow()), TenantId = Tenant.Id, OccurredAt = Clock.GetUtcNow(), Kind = SecurityEventKind.SignIn, Outcome = SecurityEventOutcome.Success,
            SubjectId = user.Id, ActorId = user.Id,
        };
        scope.Database.SecurityEvents.Add(first);
        await scope.Database.SaveChangesAsync();
        await MultiplyAsync(scope.Database, "SecurityEvents", numbers, first.Id, new(StringComparer.Ordinal)
        {
            ["Id"] = id,
            ["OccurredAt"] = isSqlite ? "source.\"OccurredAt\" - n * 1000" : "source.\"OccurredAt\" - n * interval '1 second'",
            ["Kind"] = "CASE n % 10 WHEN 0 THEN 'sign_in' ELSE 'password_verification' END",
        });
        await scope.Database.Database.ExecuteSqlRawAsync("ANALYZE");
    }

    private static async Task MultiplyAsync(PortalDbContext database, string table, string numbers, Guid id, Dictionary<string, string> values)
    {
        var entity = database.Model.GetEntityTypes().Single(type => type.GetTableName() == table);
        var columns = entity.GetProperties().Select(property => property.GetColumnName()).ToList();
        var sources = columns.Select(column => values.GetValueOrDefault(column, $"source.\"{column}\""));

        // Names and values are this test's own.
#pragma warning disable EF1002, EF1003
        await database.Database.ExecuteSqlRawAsync(
            $"{numbers} INSERT INTO \"{table}\" ({string.Join(", ", columns.Select(column => $"\"{column}\""))}) "
            + $"SELECT {string.Join(", ", sources)} FROM numbers, \"{table}\" source WHERE source.\"Id\" = {{0}}",
            id);
#pragma warning restore EF1002, EF1003
    }
}
