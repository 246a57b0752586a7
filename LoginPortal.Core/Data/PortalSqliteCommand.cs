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
        && !text.StartsWith("PRAGMA", StringComparison.OrdinalIgnoreCase);

    /// <inheritdoc />
    public override void Cancel() => Command.Cancel();

    /// <inheritdoc />
    public override int ExecuteNonQuery() => Command.ExecuteNonQuery();

    /// <inheritdoc />
    public override object? ExecuteScalar() => Command.ExecuteScalar();

    /// <inheritdoc />
    public override Task<int> ExecuteNonQueryAsync(CancellationToken cancellationToken) => InTurnAsync(Command.ExecuteNonQuery, cancellationToken);

    /// <inheritdoc />
    public override Task<object?> ExecuteScalarAsync(CancellationToken cancellationToken) => InTurnAsync(Command.ExecuteScalar, cancellationToken);

    /// <inheritdoc />
    public override void Prepare() => Command.Prepare();

    /// <inheritdoc />
    protected override DbParameter CreateDbParameter() => new SqliteParameter();

    /// <inheritdoc />
    protected override DbDataReader ExecuteDbDataReader(CommandBehavior behavior) => Command.ExecuteReader(behavior);

    /// <inheritdoc />
    protected override Task<DbDataReader> ExecuteDbDataReaderAsync(CommandBehavior behavior, CancellationToken cancellationToken) =>
        InTurnAsync<DbDataReader>(() => Command.ExecuteReader(behavior), cancellationToken);

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            GiveBack();
        }

        base.Dispose(disposing);
    }

    private async Task<T> InTurnAsync<T>(Func<T> execute, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!IsOwnTransaction)
        {
            return execute();
        }

        await connection.TakeTurnAsync(cancellationToken);
        try
        {
            return execute();
        }
        finally
        {
            connection.GiveTurnBack();
        }
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
