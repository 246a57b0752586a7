using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LoginPortal.Core.Setup;

/// <summary>Brings the schema up to date, or says that it is not.</summary>
public sealed class DatabaseStartup(PortalDbContext database, IOptions<DatabaseOptions> options)
{
    /// <summary>The advisory lock that migrating nodes take turns with; the number is arbitrary and never changes.</summary>
    private const long MigrationLock = 7_318_114_951;

    /// <summary>Applies every migration that has not been applied. Of several nodes one does it, the others wait.</summary>
    /// <returns>The names of those that were applied.</returns>
    public async Task<IReadOnlyList<string>> MigrateAsync(CancellationToken cancellationToken)
    {
        await using var turn = await TakeTurnAsync(cancellationToken);
        IReadOnlyList<string> pending = [.. await database.Database.GetPendingMigrationsAsync(cancellationToken)];
        await database.Database.MigrateAsync(cancellationToken);
        if (database is PostgreSqlPortalDbContext)
        {
            await TenantChangeTriggers.InstallAsync(database, cancellationToken);
        }

        return pending;
    }

    /// <summary>
    /// On PostgreSQL, EF Core holds its own lock for one migration at a time, and a second node then repeats what the first has just done. An
    /// advisory lock on a connection of its own holds for all of them; SQLite's lock does already.
    /// </summary>
    private async Task<NpgsqlConnection?> TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (database is not PostgreSqlPortalDbContext || !await database.Database.CanConnectAsync(cancellationToken))
        {
            return null;
        }

        // Not from the pool: closing it is what gives the lock back.
        var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(options.Value.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", connection) { Parameters = { new() { Value = MigrationLock } } };
        await command.ExecuteNonQueryAsync(cancellationToken);
        return connection;
    }

    /// <summary>Refuses to go on with an outdated schema.</summary>
    /// <exception cref="StartupException">Migrations are missing; the message says how to apply them.</exception>
    public async Task RequireCurrentSchemaAsync(CancellationToken cancellationToken)
    {
        var pending = (await database.Database.GetPendingMigrationsAsync(cancellationToken)).ToList();
        if (pending.Count > 0)
        {
            throw new StartupException(
                $"The database lacks {pending.Count} migration(s), the first being {pending[0]}. "
                + "Take a backup, run 'LoginPortal migrate', then start again.");
        }

        if (database is SqlitePortalDbContext)
        {
            // A file that was restored from a copy by VACUUM INTO has lost it, and then writers keep readers waiting.
            await database.Database.ExecuteSqlAsync($"PRAGMA journal_mode = WAL", cancellationToken);
        }
    }
}

/// <summary>Why a host cannot start, in words for the person who starts it.</summary>
public sealed class StartupException : Exception
{
    /// <summary>Makes one of several reasons.</summary>
    /// <param name="problems">What is wrong, each a sentence.</param>
    public StartupException(IReadOnlyList<string> problems)
        : base(string.Join(' ', problems)) => Problems = problems;

    /// <summary>Makes one.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    public StartupException(string message)
        : this([message])
    {
    }

    /// <summary>Makes one.</summary>
    /// <param name="message">What is wrong and what to do.</param>
    /// <param name="innerException">What it came from.</param>
    public StartupException(string message, Exception innerException)
        : base(message, innerException) => Problems = [message];

    /// <summary>Makes one without words.</summary>
    public StartupException()
    {
    }

    /// <summary>What is wrong, each a sentence.</summary>
    public IReadOnlyList<string> Problems { get; } = [];
}
