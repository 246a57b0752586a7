using System.Collections.Concurrent;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LoginPortal.Core.Data;

/// <summary>
/// Makes the connections of this process to its SQLite file. SQLite has one writer: those of this process take turns here, in the order in which they
/// came and without a thread that waits. Left to SQLite, each would ask again after ever longer pauses. Writers of other processes are waited for by
/// SQLite itself. What they commit is kept by the disk before anybody is told, see <see cref="WriteAheadLog"/>.
/// </summary>
internal sealed class SqliteConnections(WriteAheadLog log) : DbConnectionInterceptor, IDbTransactionInterceptor, IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ConcurrentDictionary<PortalSqliteConnection, bool> _open = new();

    /// <inheritdoc />
    public override InterceptionResult<DbConnection> ConnectionCreating(
        ConnectionCreatingEventData eventData, InterceptionResult<DbConnection> result) =>
        InterceptionResult<DbConnection>.SuppressWithResult(Create(eventData.ConnectionString!));

    /// <summary>A connection that takes turns with all the others.</summary>
    public PortalSqliteConnection Create(string connectionString) => new(new SqliteConnectionStringBuilder(connectionString), _turn, log, _open);

    /// <inheritdoc />
    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default) =>
        ConnectionOf(eventData)?.SyncAsync() ?? Task.CompletedTask;

    /// <inheritdoc />
    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) => ConnectionOf(eventData)?.Sync();

    /// <summary>Closes every connection that is still open: the pool of contexts, which has them, forgets to.</summary>
    public void Dispose()
    {
        foreach (var connection in _open.Keys)
        {
            connection.Dispose();
        }

        _turn.Dispose();
    }

    private static PortalSqliteConnection? ConnectionOf(TransactionEndEventData eventData) => eventData.Context?.Database.GetDbConnection() as PortalSqliteConnection;
}
