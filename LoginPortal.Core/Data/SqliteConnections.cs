using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LoginPortal.Core.Data;

/// <summary>
/// Makes the connections of this process to its SQLite file. SQLite has one writer: those of this process take turns here, in the order in which they
/// came and without a thread that waits. Left to SQLite, each would ask again after ever longer pauses. Writers of other processes are waited for by
/// SQLite itself.
/// </summary>
internal sealed class SqliteConnections(string connectionString) : DbConnectionInterceptor, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly bool _keepsOpen = new SqliteConnectionStringBuilder(connectionString).Pooling;

    /// <inheritdoc />
    public override InterceptionResult<DbConnection> ConnectionCreating(
        ConnectionCreatingEventData eventData, InterceptionResult<DbConnection> result) =>
        InterceptionResult<DbConnection>.SuppressWithResult(new PortalSqliteConnection(connectionString, _turn, _keepsOpen));

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();
}
