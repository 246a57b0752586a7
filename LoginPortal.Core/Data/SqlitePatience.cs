using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LoginPortal.Core.Data;

/// <summary>
/// Has SQLite itself wait for its one writer, which it does by the millisecond. Left to it, the provider waits by sleeping 150 ms at a time, with the
/// thread, however short the other's transaction is.
/// </summary>
internal sealed class SqlitePatience : DbConnectionInterceptor
{
    /// <summary>The only one: it keeps nothing.</summary>
    public static SqlitePatience Instance { get; } = new();

    /// <inheritdoc />
    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        ArgumentNullException.ThrowIfNull(connection);
        using var command = Command(connection);
        command.ExecuteNonQuery();
    }

    /// <inheritdoc />
    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(connection);
        await using var command = Command(connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static DbCommand Command(DbConnection connection)
    {
        var command = connection.CreateCommand();
        command.CommandText = "PRAGMA busy_timeout = 10000";
        return command;
    }
}
