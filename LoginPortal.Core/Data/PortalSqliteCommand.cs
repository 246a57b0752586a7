using System.Data;
using System.Data.Common;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Data.Sqlite;

namespace LoginPortal.Core.Data;

/// <summary>A command that stands for a prepared one of its connection, from when its text is known until it is disposed.</summary>
internal sealed class PortalSqliteCommand(PortalSqliteConnection connection) : DbCommand
{
    private SqliteCommand? _command;

    /// <inheritdoc />
    [AllowNull]
    public override string CommandText
    {
        get => _command?.CommandText ?? "";
        set
        {
            // EF Core gives some commands their transaction before their text.
            var (transaction, parameters) = (_command?.Transaction, _command?.Parameters.Cast<SqliteParameter>().ToList());
            GiveBack();
            _command = connection.Rent(value ?? "");
            _command.Transaction = transaction;
            _command.Parameters.AddRange(parameters ?? []);
        }
    }

    /// <inheritdoc />
    public override int CommandTimeout
    {
        get => Command.CommandTimeout;
        set => Command.CommandTimeout = value;
    }

    /// <inheritdoc />
    public override CommandType CommandType
    {
        get => CommandType.Text;
        set => Command.CommandType = value;
    }

    /// <inheritdoc />
    public override bool DesignTimeVisible { get; set; }

    /// <inheritdoc />
    public override UpdateRowSource UpdatedRowSource { get; set; }

    /// <inheritdoc />
    protected override DbConnection? DbConnection
    {
        get => connection;
        set => throw new NotSupportedException("A command belongs to the connection that made it.");
    }

    /// <inheritdoc />
    protected override DbParameterCollection DbParameterCollection => Command.Parameters;

    /// <inheritdoc />
    protected override DbTransaction? DbTransaction
    {
        get => Command.Transaction;
        set => Command.Transaction = (SqliteTransaction?)value;
    }

    private SqliteCommand Command => _command ??= new SqliteCommand("", connection);

    /// <summary>Whether it writes outside a transaction: SQLite then makes one of it alone.</summary>
    private bool IsOwnTransaction =>
        Command is { Transaction: null, CommandText: var text }
        && !text.StartsWith("SELECT", StringComparison.OrdinalIgnoreCase)
        && !text.StartsWith("PRAGMA", StringComparison.OrdinalIgnoreCase)
        && !text.StartsWith("EXPLAIN", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override void Cancel() => Command.Cancel();

    /// <inheritdoc />
    public override int ExecuteNonQuery() => Execute(Command.ExecuteNonQuery);

    /// <inheritdoc />
    public override object? ExecuteScalar() => Execute(Command.ExecuteScalar);

    /// <inheritdoc />
    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) => ExecuteAsync(Command.ExecuteNonQuery, cancellationToken);

    /// <inheritdoc />
    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) => ExecuteAsync(Command.ExecuteScalar, cancellationToken);

    /// <inheritdoc />
    public override void Prepare() => Command.Prepare();

    /// <inheritdoc />
    protected override DbParameter CreateDbParameter() => new SqliteParameter();

    /// <inheritdoc />
    /// <exception cref="NotSupportedException">It writes outside a transaction: that would be committed by whoever reads the last row.</exception>
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => IsOwnTransaction
        ? throw new NotSupportedException("A statement that writes and returns rows needs a transaction.")
        : Command.ExecuteReader(behavior);

    /// <inheritdoc />
    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return Task.FromResult(ExecuteDbDataReader(behavior));
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            GiveBack();
        }

        base.Dispose(disposing);
    }

    private T Execute<T>(Func<T> execute)
    {
        var (result, isOwnTransaction) = (execute(), IsOwnTransaction);
        if (isOwnTransaction && result is not 0)
        {
            connection.Sync();
        }

        return result;
    }

    private async Task<T> ExecuteAsync<T>(Func<T> execute, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsOwnTransaction)
        {
            return execute();
        }

        T result;
        await connection.TakeTurnAsync(cancellationToken);
        try
        {
            result = execute();
        }
        finally
        {
            connection.GiveTurnBack();
        }

        // What changed no row wrote nothing.
        if (result is not 0)
        {
            await connection.SyncAsync();
        }

        return result;
    }

    private void GiveBack()
    {
        if (_command is { } command)
        {
            _command = null;
            connection.Return(command);
        }
    }
}
