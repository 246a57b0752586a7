using System.Collections.Concurrent;
using System.Data;
using System.Data.Common;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace LoginPortal.Core.Data;

/// <summary>
/// A connection that stays open, with its statements prepared, for as long as the pooled context that it belongs to. To open one, to register EF Core's
/// functions for decimal numbers, which no query here uses, and to translate a statement takes longer than to run it.
/// </summary>
/// <param name="options">Names the file. It does not stay open where these forbid pooling, and where it only looks whether there is a file.</param>
/// <param name="turn">What the writers of this process wait for.</param>
/// <param name="log">Has the disk keep what they commit.</param>
/// <param name="open">Where it is listed while it is open.</param>
internal sealed class PortalSqliteConnection(
    SqliteConnectionStringBuilder options, SemaphoreSlim turn, WriteAheadLog log, ConcurrentDictionary<PortalSqliteConnection, bool> open) : SqliteConnection(Unpooled(options))
{
    /// <summary>How long a writer waits for another; then it fails, and the request is answered with 503.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>More statements than this are forgotten all at once; those made anew each time are few, such as lists of identifiers.</summary>
    private const int MaximumPrepared = 200;

    private readonly bool _staysOpen = options is { Pooling: true, Mode: not SqliteOpenMode.ReadOnly };
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);
    private bool _sharesSyncs;
    private bool _hasTurn;
    private bool _isDisposing;

    private string LogPath => $"{DataSource}-wal";

    /// <inheritdoc />
    protected override SqliteTransaction? Transaction
    {
        get => base.Transaction;
        set
        {
            base.Transaction = value;
            if (value is null)
            {
                GiveTurnBack();
            }
        }
    }

    /// <inheritdoc />
    public override void Open()
    {
        if (State == ConnectionState.Open)
        {
            return;
        }

        base.Open();
        open[this] = true;

        // SQLite waits by the millisecond. Left to it, the provider waits by sleeping 150 ms at a time, however short the other's transaction is.
        _ = raw.sqlite3_busy_timeout(Handle!, (int)Patience.TotalMilliseconds);

        // Without such a log, or to read alone, SQLite waits for the disk by itself.
        _sharesSyncs = _staysOpen && string.Equals((string?)Ask("PRAGMA journal_mode"), "wal", StringComparison.Ordinal);
        if (_sharesSyncs)
        {
            Ask("PRAGMA synchronous = NORMAL");
        }
    }

    /// <summary>Waits until the disk has what was committed; to be called once others may write.</summary>
    public Task SyncAsync() => _sharesSyncs ? log.SyncAsync(LogPath) : Task.CompletedTask;

    /// <summary>The same, with the thread waiting.</summary>
    public void Sync()
    {
        if (_sharesSyncs)
        {
            log.Sync(LogPath);
        }
    }

    /// <summary>Closes the connection if it is being disposed or was left in a transaction; else it stays open for whoever needs it next.</summary>
    public override void Close()
    {
        if (!_staysOpen || _isDisposing || Transaction is not null)
        {
            Abandon();
        }
    }

    /// <summary>Closes the connection even if it would stay open; a transaction that it is in is rolled back.</summary>
    public void Abandon()
    {
        ForgetPrepared();
        base.Close();
        open.TryRemove(this, out _);
        GiveTurnBack();
    }

    /// <summary>Runs a statement without parameters, prepared as any other.</summary>
    public void Execute(string text)
    {
        var command = Rent(text);
        try
        {
            command.ExecuteNonQuery();
        }
        finally
        {
            Return(command);
        }
    }

    /// <summary>A command with this text, prepared before if the connection has had it; to be given back.</summary>
    public SqliteCommand Rent(string text) => _prepared.Remove(text, out var known) ? known : new SqliteCommand(text, this);

    /// <summary>Keeps a command for the next who has the same to ask.</summary>
    public void Return(SqliteCommand command)
    {
        command.Parameters.Clear();
        command.Transaction = null;
        if (State != ConnectionState.Open || command.CommandText.Length == 0)
        {
            command.Dispose();
            return;
        }

        if (_prepared.Count >= MaximumPrepared)
        {
            ForgetPrepared();
        }

        if (!_prepared.TryAdd(command.CommandText, command))
        {
            command.Dispose();
        }
    }

    /// <summary>Waits until no other writer of this process is at work, or until <see cref="Patience"/> ends and SQLite is to decide.</summary>
    /// <exception cref="SqliteException">The disk did not keep what was written before.</exception>
    public async Task TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (_sharesSyncs)
        {
            log.ThrowIfFailed();
        }

        _hasTurn |= await turn.WaitAsync(Patience, cancellationToken);
    }

    /// <summary>Lets the next writer in.</summary>
    public void GiveTurnBack()
    {
        if (_hasTurn)
        {
            _hasTurn = false;
            turn.Release();
        }
    }

    /// <inheritdoc />
    protected override DbCommand CreateDbCommand() => new PortalSqliteCommand(this);

    /// <inheritdoc />
    protected override async ValueTask<DbTransaction> BeginDbTransactionAsync(IsolationLevel isolationLevel, CancellationToken cancellationToken)
    {
        await TakeTurnAsync(cancellationToken);
        try
        {
            return BeginTransaction(isolationLevel);
        }
        catch
        {
            GiveTurnBack();
            throw;
        }
    }

    /// <inheritdoc />
    protected override void Dispose(bool disposing)
    {
        _isDisposing = true;
        base.Dispose(disposing);
    }

    /// <summary>What the context's pool gives up is closed, so that the file can be copied or moved.</summary>
    private static string Unpooled(SqliteConnectionStringBuilder options) =>
        new SqliteConnectionStringBuilder(options.ConnectionString) { Pooling = false }.ConnectionString;

    private object? Ask(string pragma)
    {
        using var command = new SqliteCommand(pragma, this);
        return command.ExecuteScalar();
    }

    private void ForgetPrepared()
    {
        foreach (var command in _prepared.Values)
        {
            command.Dispose();
        }

        _prepared.Clear();
    }
}
