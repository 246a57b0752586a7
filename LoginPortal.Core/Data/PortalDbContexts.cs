using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace LoginPortal.Core.Data;

/// <summary>The portal's data in SQLite.</summary>
public sealed class SqlitePortalDbContext : PortalDbContext
{
    /// <summary>Makes one for the pool.</summary>
    /// <param name="options">How the database is reached.</param>
    public SqlitePortalDbContext(DbContextOptions<SqlitePortalDbContext> options)
        : base(options) =>

        // One statement would be enough of a transaction, but returns a row, and is not committed before that is read: see PortalSqliteCommand.
        Database.AutoTransactionBehavior = AutoTransactionBehavior.Always;

    /// <summary>SQLite has no type for instants; as milliseconds they can be compared, ordered and indexed.</summary>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.Properties<DateTimeOffset>().HaveConversion<UnixMillisecondsConverter>();
    }

    private sealed class UnixMillisecondsConverter() : ValueConverter<DateTimeOffset, long>(
        instant => instant.ToUnixTimeMilliseconds(),
        milliseconds => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds));
}

/// <summary>The portal's data in PostgreSQL.</summary>
public sealed class PostgreSqlPortalDbContext(DbContextOptions<PostgreSqlPortalDbContext> options) : PortalDbContext(options);
