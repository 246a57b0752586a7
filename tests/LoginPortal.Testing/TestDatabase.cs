using LoginPortal.Core.Data;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace LoginPortal.Testing;

/// <summary>A database of one test's own, gone when it is disposed.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private readonly string _name;

    private TestDatabase(DatabaseProvider provider, string name, string connectionString)
    {
        Provider = provider;
        ConnectionString = connectionString;
        _name = name;
    }

    public DatabaseProvider Provider { get; }

    public string ConnectionString { get; }

    /// <summary>A database with the current schema: a copy of one that is migrated once a run.</summary>
    public static async Task<TestDatabase> CreateAsync(DatabaseProvider provider)
    {
        var template = await DatabaseTemplates.GetAsync(provider);
        var copy = Describe(provider);
        if (provider == DatabaseProvider.Sqlite)
        {
            File.Copy(template._name, copy._name);
        }
        else
        {
            await OnServerAsync($"CREATE DATABASE {copy._name} TEMPLATE {template._name}");
        }

        return copy;
    }

    /// <summary>A database without any schema.</summary>
    public static async Task<TestDatabase> CreateEmptyAsync(DatabaseProvider provider)
    {
        var database = Describe(provider);
        if (provider == DatabaseProvider.PostgreSql)
        {
            await OnServerAsync($"CREATE DATABASE {database._name}");
        }

        return database;
    }

    /// <summary>A database that whoever asks has made, and that is theirs to remove.</summary>
    public static TestDatabase At(DatabaseProvider provider, string connectionString) => new(provider, "", connectionString);

    public async ValueTask DisposeAsync()
    {
        await CloseConnectionsAsync();
        if (Provider == DatabaseProvider.PostgreSql)
        {
            await OnServerAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)");
            return;
        }

        foreach (var suffix in (string[])["", "-wal", "-shm", "-journal"])
        {
            File.Delete(_name + suffix);
        }
    }

    /// <summary>Closes what the pools keep open, so that the database can be copied or dropped.</summary>
    internal async Task CloseConnectionsAsync()
    {
        if (Provider == DatabaseProvider.PostgreSql)
        {
            await using var connection = new NpgsqlConnection(ConnectionString);
            NpgsqlConnection.ClearPool(connection);
        }
        else
        {
            await using var connection = new SqliteConnection(ConnectionString);
            SqliteConnection.ClearPool(connection);
        }
    }

    private static TestDatabase Describe(DatabaseProvider provider)
    {
        var id = Guid.NewGuid().ToString("N");
        if (provider == DatabaseProvider.Sqlite)
        {
            var file = Path.Combine(Path.GetTempPath(), $"loginportal-test-{id}.db");
            return new TestDatabase(provider, file, new SqliteConnectionStringBuilder { DataSource = file }.ToString());
        }

        var parts = new NpgsqlConnectionStringBuilder(Server) { Database = $"test_{id}", MaxPoolSize = 40, Timeout = 60, MaxAutoPrepare = 200, NoResetOnClose = true };
        return new TestDatabase(provider, parts.Database!, parts.ToString());
    }

    private static string Server => Environment.GetEnvironmentVariable("LOGINPORTAL_TEST_POSTGRESQL") is { Length: > 0 } server
        ? server
        : throw new InvalidOperationException(
            "LOGINPORTAL_TEST_POSTGRESQL names no PostgreSQL server. Run the tests with tests/run.sh, which starts one.");

    private static async Task OnServerAsync(string statement)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Server) { Pooling = false }.ToString());
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();

        // Names are made here from a letter and hexadecimal digits; a statement like these takes no parameters.
#pragma warning disable CA2100
        command.CommandText = statement;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }
}
