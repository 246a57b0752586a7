using LoginPortal.Core.Telemetry;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LoginPortal.Core.Data;

/// <summary>
/// Runs what several requests ask at the same time in one transaction, on a connection of its own: the disk is waited for once, and what SQLite has read stays
/// read, because while this connection alone writes, nobody makes it doubtful. A statement that fails takes none of the others with it.
/// </summary>
/// <param name="connection">Used by one batch at a time.</param>
/// <param name="metrics">Counts what is asked.</param>
/// <param name="time">Tells how long it takes.</param>
internal sealed class SqliteDirectStatements(PortalSqliteConnection connection, PortalMetrics metrics, TimeProvider time) : DirectStatements(metrics, time)
{
    private readonly Lock _lock = new();
    private List<Call> _waiting = [];
    private bool _isBusy;

    /// <inheritdoc />
    protected override Task<T?> RunAsync<T>(
        string sql, IReadOnlyList<(string Name, object Value)> parameters, Func<StatementRow, T> read, CancellationToken cancellationToken)
        where T : class
    {
        var call = new Call<T>(sql, parameters, read, cancellationToken);
        lock (_lock)
        {
            _waiting.Add(call);
            if (_isBusy)
            {
                return call.Task;
            }

            _isBusy = true;
        }

        ThreadPool.UnsafeQueueUserWorkItem(static statements => _ = statements.ServeAsync(), this, preferLocal: false);
        return call.Task;
    }

    private async Task ServeAsync()
    {
        while (TakeBatch() is { } batch)
        {
            try
            {
                await ExecuteAsync(batch);
                batch.ForEach(call => call.Answer());
            }
            catch (Exception exception)
            {
                // Whatever it was, it is told to those who asked. The connection is opened anew: a transaction that was left open goes with it.
                connection.Abandon();
                batch.ForEach(call => call.Fail(exception));
            }
        }
    }

    private List<Call>? TakeBatch()
    {
        lock (_lock)
        {
            _isBusy = _waiting.Count > 0;
            if (!_isBusy)
            {
                return null;
            }

            var batch = _waiting;
            _waiting = [];
            return batch;
        }
    }

    private async Task ExecuteAsync(List<Call> batch)
    {
        await connection.OpenAsync();
        await connection.TakeTurnAsync(CancellationToken.None);
        bool hasWritten;
        try
        {
            var before = raw.sqlite3_total_changes(connection.Handle!);
            connection.Execute("BEGIN IMMEDIATE");
            foreach (var call in batch)
            {
                call.Execute(connection);
                RequireTransaction();
            }

            connection.Execute("COMMIT");
            hasWritten = raw.sqlite3_total_changes(connection.Handle!) != before;
        }
        finally
        {
            connection.GiveTurnBack();
        }

        if (hasWritten)
        {
            await connection.SyncAsync();
        }

        await connection.CloseAsync();
    }

    /// <summary>When the disk is full, and the like, SQLite ends the transaction by itself; whatever came after would be one of its own.</summary>
    private void RequireTransaction()
    {
        if (raw.sqlite3_get_autocommit(connection.Handle!) != 0)
        {
            throw new SqliteException("The transaction is over: nothing of it was kept.", raw.SQLITE_ABORT);
        }
    }

    private abstract class Call
    {
        public abstract void Execute(PortalSqliteConnection connection);

        public abstract void Answer();

        public abstract void Fail(Exception exception);
    }

    private sealed class Call<T>(
        string sql, IReadOnlyList<(string Name, object Value)> parameters, Func<StatementRow, T> read, CancellationToken cancellationToken) : Call
        where T : class
    {
        private readonly TaskCompletionSource<T?> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _isGivenUp;
        private Exception? _failure;
        private T? _found;

        public Task<T?> Task => _answer.Task;

        public override void Execute(PortalSqliteConnection connection)
        {
            _isGivenUp = cancellationToken.IsCancellationRequested;
            if (_isGivenUp)
            {
                return;
            }

            var command = connection.Rent(sql);
            try
            {
                foreach (var (name, value) in parameters)
                {
                    command.Parameters.Add(new SqliteParameter(name, Stored(value)));
                }

                using var reader = command.ExecuteReader();
                _found = reader.Read() ? read(new StatementRow(reader, DatabaseProvider.Sqlite)) : null;
            }
            catch (SqliteException exception)
            {
                // What the others have written stays, unless SQLite has ended the transaction, which is asked next.
                _failure = exception;
            }
            finally
            {
                connection.Return(command);
            }
        }

        public override void Answer()
        {
            if (_isGivenUp)
            {
                _answer.SetCanceled(cancellationToken);
            }
            else if (_failure is not null)
            {
                _answer.SetException(_failure);
            }
            else
            {
                _answer.SetResult(_found);
            }
        }

        public override void Fail(Exception exception) => _answer.SetException(exception);

        private static object Stored(object value) => value switch
        {
            Guid identifier => identifier.ToString().ToUpperInvariant(),
            DateTimeOffset instant => instant.ToUnixTimeMilliseconds(),
            _ => value,
        };
    }
}
