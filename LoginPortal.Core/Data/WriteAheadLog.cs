using Microsoft.Data.Sqlite;

namespace LoginPortal.Core.Data;

/// <summary>
/// Has the disk keep what was committed to SQLite's write-ahead log. SQLite would wait for the disk once for each transaction, with its only writer; here the
/// next may write meanwhile, and whatever was committed before a sync began is kept by it. Nobody is told that a transaction is done before that.
/// </summary>
/// <param name="flush">Has the disk keep everything that is in the file with this path.</param>
internal sealed class WriteAheadLog(Action<string> flush)
{
    private const int SqliteInputOutputError = 10;

    private readonly Lock _lock = new();
    private TaskCompletionSource? _next;
    private volatile SqliteException? _failure;
    private bool _isSyncing;

    public WriteAheadLog()
        : this(Flush)
    {
    }

    /// <summary>Whether the disk failed, so that nothing is written any more.</summary>
    public bool HasFailed => _failure is not null;

    /// <summary>Waits until the disk has what this process has committed.</summary>
    /// <param name="path">The log of the database.</param>
    /// <exception cref="SqliteException">
    /// The disk failed. What it kept is not known until SQLite reads the log again, so nobody may write from then on, until the process is started anew.
    /// </exception>
    public Task SyncAsync(string path)
    {
        TaskCompletionSource batch;
        lock (_lock)
        {
            if (_isSyncing)
            {
                return (_next ??= NewBatch()).Task;
            }

            _isSyncing = true;
            batch = NewBatch();
        }

        // Whoever comes first waits here, as SQLite would have it, and goes on at once.
        Serve(path, batch);
        return batch.Task;
    }

    /// <summary>The same for whoever cannot wait without a thread; shared with nobody.</summary>
    /// <param name="path">The log of the database.</param>
    /// <exception cref="SqliteException">The disk failed, as with <see cref="SyncAsync"/>.</exception>
    public void Sync(string path)
    {
        try
        {
            if (_failure is null)
            {
                flush(path);
            }
        }
        catch (Exception exception)
        {
            // Whatever it was: those who wait are to be told, and nobody is to wait for ever.
            _failure = new SqliteException($"The write-ahead log could not be kept: {exception.Message}", SqliteInputOutputError);
        }

        ThrowIfFailed();
    }

    /// <summary>Refuses whoever is about to write to a log that the disk did not keep.</summary>
    /// <exception cref="SqliteException">The disk failed before.</exception>
    public void ThrowIfFailed()
    {
        if (_failure is { } failure)
        {
            throw failure;
        }
    }

    private static TaskCompletionSource NewBatch() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static void Flush(string path)
    {
        // Opened each time: SQLite deletes the log with the last connection, and makes another with the next.
        using var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        RandomAccess.FlushToDisk(file);
    }

    private void Serve(string path, TaskCompletionSource batch)
    {
        try
        {
            Sync(path);
            batch.SetResult();
        }
        catch (SqliteException exception)
        {
            batch.SetException(exception);
        }

        lock (_lock)
        {
            if (_next is not { } next)
            {
                _isSyncing = false;
                return;
            }

            _next = null;
            ThreadPool.UnsafeQueueUserWorkItem(static state => state.Log.Serve(state.Path, state.Next), (Log: this, Path: path, Next: next), preferLocal: false);
        }
    }
}
