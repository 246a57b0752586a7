using System.Data.Common;
using System.Text.Json;
using LoginPortal.Core.Telemetry;

namespace LoginPortal.Core.Data;

/// <summary>
/// Runs SQL past EF Core, for the little that is asked so often that a context takes longer than the database. What one call gives is a transaction of its own.
/// Tenants are not filtered here: the SQL has to.
/// </summary>
internal abstract class DirectStatements(PortalMetrics metrics, TimeProvider time)
{
    /// <summary>Runs statements and returns the first row that they give; <see langword="null"/> if they give none.</summary>
    /// <typeparam name="T">What the row becomes.</typeparam>
    /// <param name="sql">Statements that SQLite and PostgreSQL both understand.</param>
    /// <param name="parameters">Their parameters. Identifiers and instants are stored as the engine has them.</param>
    /// <param name="read">Makes something of the row.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<T?> FindAsync<T>(
        string sql, IReadOnlyList<(string Name, object Value)> parameters, Func<StatementRow, T> read, CancellationToken cancellationToken)
        where T : class
    {
        var start = time.GetTimestamp();
        try
        {
            var found = await RunAsync(sql, parameters, read, cancellationToken);
            Note(start, failed: false);
            return found;
        }
        catch (DbException)
        {
            // What a client gave up is no failure.
            Note(start, failed: true);
            throw;
        }
    }

    private void Note(long start, bool failed)
    {
        if (metrics.MeasuresDatabase)
        {
            metrics.DatabaseCommand(time.GetElapsedTime(start), failed);
        }
    }

    /// <summary>Runs statements on the engine.</summary>
    protected abstract Task<T?> RunAsync<T>(
        string sql, IReadOnlyList<(string Name, object Value)> parameters, Func<StatementRow, T> read, CancellationToken cancellationToken)
        where T : class;
}

/// <summary>A row of what statements return, read as <see cref="PortalDbContext"/> stores it.</summary>
/// <param name="reader">Stands at the row.</param>
/// <param name="provider">The engine.</param>
internal readonly struct StatementRow(DbDataReader reader, DatabaseProvider provider)
{
    /// <summary>An identifier.</summary>
    public Guid Identifier(int column) => reader.GetGuid(column);

    /// <summary>An instant, UTC.</summary>
    public DateTimeOffset Instant(int column) => provider == DatabaseProvider.Sqlite
        ? DateTimeOffset.FromUnixTimeMilliseconds(reader.GetInt64(column))
        : reader.GetFieldValue<DateTimeOffset>(column);

    /// <summary>A number.</summary>
    public int Number(int column) => reader.GetInt32(column);

    /// <summary>Yes or no.</summary>
    public bool Boolean(int column) => reader.GetBoolean(column);

    /// <summary>A text.</summary>
    public string Text(int column) => reader.GetString(column);

    /// <summary>A text, if there is one.</summary>
    public string? TextOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    /// <summary>Bytes, if there are any.</summary>
    public byte[]? BytesOrNull(int column) => reader.IsDBNull(column) ? null : reader.GetFieldValue<byte[]>(column);

    /// <summary>A list of texts, which SQLite keeps as JSON.</summary>
    public string[] Texts(int column) => provider == DatabaseProvider.Sqlite
        ? JsonSerializer.Deserialize<string[]>(reader.GetString(column))!
        : reader.GetFieldValue<string[]>(column);
}
