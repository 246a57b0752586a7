using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Data;

public sealed class MigrationTests
{
    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Model_EitherEngine_HasNoChangeWithoutAMigration(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(provider);
        await using var host = new CoreHost(database);
        await using var scope = host.CreateScope();

        Assert.False(scope.ServiceProvider.GetRequiredService<PortalDbContext>().Database.HasPendingModelChanges());
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task RequireCurrentSchema_EmptyDatabase_RefusesUntilMigrated(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(provider);
        await using var host = new CoreHost(database);
        await using var scope = host.CreateScope();
        var startup = scope.ServiceProvider.GetRequiredService<DatabaseStartup>();

        var refusal = await Assert.ThrowsAsync<StartupException>(() => startup.RequireCurrentSchemaAsync(CancellationToken.None));
        Assert.Contains("migrate", refusal.Message, StringComparison.Ordinal);
        var applied = await startup.MigrateAsync(CancellationToken.None);

        Assert.NotEmpty(applied);
        await startup.RequireCurrentSchemaAsync(CancellationToken.None);
        Assert.Empty(await startup.MigrateAsync(CancellationToken.None));
    }

    [Theory]
    [InlineData(DatabaseProvider.Sqlite)]
    [InlineData(DatabaseProvider.PostgreSql)]
    public async Task Migrate_TwoNodesAtOnce_BothEndWithTheCurrentSchema(DatabaseProvider provider)
    {
        await using var database = await TestDatabase.CreateEmptyAsync(provider);
        await using var first = new CoreHost(database);
        await using var second = new CoreHost(database);

        await Task.WhenAll(((CoreHost[])[first, second]).Select(host => Task.Run(async () =>
        {
            await using var scope = host.CreateScope();
            var startup = scope.ServiceProvider.GetRequiredService<DatabaseStartup>();
            await startup.MigrateAsync(CancellationToken.None);
            await startup.RequireCurrentSchemaAsync(CancellationToken.None);
        })));
    }
}
