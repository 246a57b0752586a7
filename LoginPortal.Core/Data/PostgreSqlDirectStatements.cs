using LoginPortal.Core.Telemetry;
using Npgsql;

namespace LoginPortal.Core.Data;

/// <summary>Runs them in one round trip, on a connection of the pool that EF Core's come from too.</summary>
/// <param name="connectionString">The one that contexts have: it names the pool.</param>
/// <param name="metrics">Counts what is asked.</param>
/// <param name="time">Tells how long it takes.</param>
internal sealed class PostgreSqlDirectStatements(string connectionString, PortalMetrics metrics, TimeProvider time) : DirectStatements(metrics, time)
{
    /// <inheritdoc />
    protected override async Task<T?> RunAsync<T>(
        string sql, IReadOnlyList<(string Name, object Value)> parameters, Func<StatementRow, T> read, CancellationToken cancellationToken)
        where T : class
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync(cancellationToken);

        // Constants of this assembly; what clients say is in the parameters.
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(sql, connection);
#pragma warning restore CA2100
        foreach (var (name, value) in parameters)
        {
            command.Parameters.Add(new NpgsqlParameter(name, value));
        }

        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? read(new StatementRow(reader, DatabaseProvider.PostgreSql)) : null;
    }
}
