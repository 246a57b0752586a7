using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Testing;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoginPortal.Core.Tests.Data;

/// <summary>Nobody is told that something is done before the disk has it, however many share one wait for it.</summary>
public sealed class WriteAheadLogTests
{
    private const string Path = "portal.db-wal";

    [Fact]
    public async Task Sync_WhileAnotherIsUnderWay_WaitsForOneThatBeganAfterwards()
    {
        using var disk = new SlowDisk { IsSlow = true };
        var log = new WriteAheadLog(disk.Flush);
        var first = Task.Run(() => log.SyncAsync(Path), TestContext.Current.CancellationToken);
        await disk.BeganAsync();

        var second = log.SyncAsync(Path);
        var third = log.SyncAsync(Path);
        disk.Finish();
        await first;
        await disk.BeganAsync();

        Assert.False(second.IsCompleted);
        disk.Finish();
        await Task.WhenAll(second, third);
        Assert.Equal(2, disk.Count);
    }

    [Fact]
    public async Task Sync_OneAfterTheOther_AsksTheDiskEachTime()
    {
        var count = 0;
        var log = new WriteAheadLog(_ => count++);

        await log.SyncAsync(Path);
        await log.SyncAsync(Path);

        Assert.Equal(2, count);
    }

    [Fact]
    public async Task Sync_OnceTheDiskFailed_FailsForEverybodyFromThenOn()
    {
        var isFailing = true;
        var log = new WriteAheadLog(_ =>
        {
            if (isFailing)
            {
                throw new InvalidOperationException("no space left");
            }
        });

        var failure = await Assert.ThrowsAsync<SqliteException>(() => log.SyncAsync(Path));
        isFailing = false;

        Assert.Contains("no space left", failure.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<SqliteException>(() => log.SyncAsync(Path));
    }

    [Fact]
    public async Task EveryWayOfWriting_IsKeptBeforeItIsDone()
    {
        var syncs = 0;
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var host = new CoreHost(
            database, configure: builder => builder.Services.AddSingleton(new WriteAheadLog(_ => Interlocked.Increment(ref syncs))));
        var tenant = await host.CreateTenantAsync("acme");
        await using var scope = host.OpenTenant(tenant);
        var context = scope.Services.GetRequiredService<PortalDbContext>();

        await ExpectAsync(1, () =>
        {
            context.Add(Counter("inserted"));
            return context.SaveChangesAsync();
        });
        await ExpectAsync(1, () =>
        {
            context.AttemptCounters.Local.Single().Failures = 2;
            return context.SaveChangesAsync();
        });
        await ExpectAsync(1, () => context.AttemptCounters.ExecuteUpdateAsync(update => update.SetProperty(counter => counter.Failures, 3)));
        await ExpectAsync(1, () => context.TryInsertAttemptCounterAsync(tenant.Id, AttemptFactor.Password, "statement", host.Clock.GetUtcNow(), CancellationToken.None));
        await ExpectAsync(1, async () =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync();
            await context.AttemptCounters.ExecuteUpdateAsync(update => update.SetProperty(counter => counter.Failures, 4));
            context.Add(Counter("in a transaction"));
            await context.SaveChangesAsync();
            Assert.Equal(0, syncs);
            await transaction.CommitAsync();
        });
        await ExpectAsync(1, () =>
        {
            context.Database.ExecuteSql($"""DELETE FROM "AttemptCounters" WHERE "Subject" = 'statement'""");
            return Task.CompletedTask;
        });
        await ExpectAsync(0, () => context.AttemptCounters.Where(counter => counter.Subject == "nobody").ExecuteDeleteAsync());
        await ExpectAsync(0, () => context.AttemptCounters.AsNoTracking().ToListAsync());
        await ExpectAsync(0, async () =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync();
            await context.AttemptCounters.ExecuteDeleteAsync();
            await transaction.RollbackAsync();
        });

        async Task ExpectAsync(int expected, Func<Task> write)
        {
            Interlocked.Exchange(ref syncs, 0);
            await write();
            Assert.Equal(expected, syncs);
        }

        AttemptCounter Counter(string subject) =>
            new() { TenantId = tenant.Id, Factor = AttemptFactor.Totp, Subject = subject, LastAttemptAt = host.Clock.GetUtcNow() };
    }

    [Fact]
    public async Task Commit_TheDiskDidNotKeep_IsNoSuccess()
    {
        var isFailing = false;
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var host = new CoreHost(database, configure: builder => builder.Services.AddSingleton(new WriteAheadLog(_ =>
        {
            if (isFailing)
            {
                throw new IOException("input/output error");
            }
        })));
        var tenant = await host.CreateTenantAsync("acme");
        Assert.Equal(HealthStatus.Healthy, await ReadinessAsync());
        isFailing = true;

        await Assert.ThrowsAnyAsync<Exception>(() => host.CreateUserAsync(tenant, "ada@acme.example", password: null));
        isFailing = false;
        await using var scope = host.OpenTenant(tenant);
        var context = scope.Services.GetRequiredService<PortalDbContext>();
        await Assert.ThrowsAsync<SqliteException>(() => context.Tenants.ExecuteUpdateAsync(update => update.SetProperty(row => row.DisplayName, "Other")));
        Assert.False(await context.Tenants.AnyAsync(row => row.DisplayName == "Other"));
        Assert.Equal(HealthStatus.Unhealthy, await ReadinessAsync());

        async Task<HealthStatus> ReadinessAsync() =>
            (await host.Services.GetRequiredService<ReadinessCheck>().CheckHealthAsync(new HealthCheckContext(), CancellationToken.None)).Status;
    }

    [Fact]
    public async Task Rows_ThatAStatementReturnsOfWhatItWrites_NeedATransaction()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var host = new CoreHost(database);
        await host.CreateTenantAsync("acme");
        await using var scope = host.CreateScope();
        var context = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        await context.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = context.Database.GetDbConnection().CreateCommand();
        command.CommandText = """UPDATE "Tenants" SET "DisplayName" = 'Other' RETURNING "Id" """;

        await Assert.ThrowsAsync<NotSupportedException>(() => command.ExecuteReaderAsync(TestContext.Current.CancellationToken));
    }
}
