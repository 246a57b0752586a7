using Microsoft.Data.Sqlite;
using Npgsql;

namespace LoginPortal.Core.Data;

/// <summary>The section <c>Database</c> of the configuration; the connection string is <c>ConnectionStrings:Portal</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Database";

    /// <summary>Which engine holds the data. Default <see cref="DatabaseProvider.Sqlite"/>.</summary>
    public DatabaseProvider Provider { get; set; }

    /// <summary>From <c>ConnectionStrings:Portal</c>; required.</summary>
    public string ConnectionString { get; set; } = "";

    /// <summary>Whether the engine's driver can read <see cref="ConnectionString"/>.</summary>
    internal bool IsConnectionStringReadable()
    {
        try
        {
            return Provider == DatabaseProvider.PostgreSql
                ? new NpgsqlConnectionStringBuilder(ConnectionString) is { Host.Length: > 0 }
                : new SqliteConnectionStringBuilder(ConnectionString) is { DataSource.Length: > 0 };
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or KeyNotFoundException)
        {
            return false;
        }
    }
}

/// <summary>The engines that can hold the data.</summary>
public enum DatabaseProvider
{
    /// <summary>One file on one machine, in write-ahead-log mode.</summary>
    Sqlite = 0,

    /// <summary>PostgreSQL, or an engine that speaks its protocol, for several machines.</summary>
    PostgreSql = 1,
}
