using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Testing;

/// <summary>
/// The migrated database of each engine that tests copy. A test project that uses <see cref="TestDatabase"/> makes this its
/// assembly fixture: it drops them when the run ends.
/// </summary>
public sealed class DatabaseTemplates : IAsyncDisposable
{
    private static readonly Lazy<Task<TestDatabase>> Sqlite = new(() => MigrateAsync(DatabaseProvider.Sqlite));
    private static readonly Lazy<Task<TestDatabase>> PostgreSql = new(() => MigrateAsync(DatabaseProvider.PostgreSql));

    public async ValueTask DisposeAsync()
    {
        foreach (var template in (Lazy<Task<TestDatabase>>[])[Sqlite, PostgreSql])
        {
            if (template is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            {
                await (await template.Value).DisposeAsync();
            }
        }
    }

    internal static Task<TestDatabase> GetAsync(DatabaseProvider provider) =>
        provider == DatabaseProvider.Sqlite ? Sqlite.Value : PostgreSql.Value;

    private static async Task<TestDatabase> MigrateAsync(DatabaseProvider provider)
    {
        var database = await TestDatabase.CreateEmptyAsync(provider);
        try
        {
            await using var host = new CoreHost(database);
            await using var scope = host.CreateScope();
            await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().MigrateAsync(CancellationToken.None);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }

        await database.CloseConnectionsAsync();
        return database;
    }
}
