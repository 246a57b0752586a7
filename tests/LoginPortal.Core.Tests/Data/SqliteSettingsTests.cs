using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Data;

public sealed class SqliteSettingsTests
{
    [Fact]
    public async Task Sqlite_AfterMigration_WritesAheadAndChecksForeignKeys()
    {
        // Not a copy of the template: the setting must come from the migration itself.
        await using var database = await TestDatabase.CreateEmptyAsync(DatabaseProvider.Sqlite);
        await using var host = new CoreHost(database);
        await using var scope = host.CreateScope();
        await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().MigrateAsync(CancellationToken.None);
        var context = scope.ServiceProvider.GetRequiredService<PortalDbContext>();

        Assert.Equal("wal", await PragmaAsync(context, "journal_mode"));
        Assert.Equal("1", await PragmaAsync(context, "foreign_keys"));
    }

    [Fact]
    public async Task Sqlite_RestoredFromACopy_WritesAheadAgain()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var host = new CoreHost(database);
        await using var scope = host.CreateScope();
        var context = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        await context.Database.ExecuteSqlAsync($"PRAGMA journal_mode = DELETE");
        Assert.Equal("delete", await PragmaAsync(context, "journal_mode"));

        await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().RequireCurrentSchemaAsync(CancellationToken.None);

        Assert.Equal("wal", await PragmaAsync(context, "journal_mode"));
    }

    [Fact]
    public async Task Sqlite_RowOfNoTenant_IsRefused()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var host = new CoreHost(database);
        await using var scope = host.CreateScope();
        var context = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        context.Flows.Add(new FlowRecord
        {
            Id = Guid.NewGuid(),
            TenantId = Guid.NewGuid(),
            BindingHash = "",
            CreatedAt = host.Clock.GetUtcNow(),
            ExpiresAt = host.Clock.GetUtcNow(),
        });

        await Assert.ThrowsAsync<DbUpdateException>(() => context.SaveChangesAsync());
    }

    private static async Task<string> PragmaAsync(PortalDbContext context, string name)
    {
        await context.Database.OpenConnectionAsync();
        await using var command = context.Database.GetDbConnection().CreateCommand();
#pragma warning disable CA2100 // A name from this class.
        command.CommandText = $"PRAGMA {name}";
#pragma warning restore CA2100
        return (await command.ExecuteScalarAsync())!.ToString()!;
    }
}
