using LoginPortal.Core.Data;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LoginPortal.Core.Tenants;

/// <summary>
/// Hears from PostgreSQL (<c>LISTEN</c>) which tenants were changed, by whichever node, and has <see cref="TenantCache"/> forget them. On SQLite,
/// and on an engine that knows no notifications or lacks the triggers, nothing is heard and nothing remembered.
/// </summary>
public sealed partial class TenantChangeListener(
    IOptions<DatabaseOptions> options, TenantCache cache, TimeProvider time, ILogger<TenantChangeListener> logger) : BackgroundService
{
    /// <summary>After how long without a notification the connection has to show that it is alive.</summary>
    private static readonly TimeSpan Pulse = TimeSpan.FromSeconds(3);

    /// <summary>How long the last sign of life counts: a connection that is dead without having been closed is found out within it.</summary>
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (options.Value.Provider != DatabaseProvider.PostgreSql)
        {
            return;
        }

        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await ListenAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is NpgsqlException or TimeoutException or IOException or InvalidOperationException)
            {
                LogFailure(logger, exception.Message);
            }
            finally
            {
                cache.End();
            }

            await Task.Delay(Pause, time, stoppingToken);
        }
    }

    private async Task ListenAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(options.Value.ConnectionString) { Pooling = false, ApplicationName = "LoginPortal changes" }.ConnectionString);
        connection.Notification += (_, change) => cache.Forget(Guid.Parse(change.Payload));
        await connection.OpenAsync(cancellationToken);
        await ExecuteAsync(connection, $"LISTEN {TenantChangeTriggers.Channel}", cancellationToken);
        if (!await TenantChangeTriggers.AreInstalledAsync(connection, cancellationToken))
        {
            throw new InvalidOperationException("The triggers that tell of changes are missing. Run 'LoginPortal migrate'; an engine without such triggers works without them.");
        }

        cache.Begin(Trust);
        while (true)
        {
            if (!await connection.WaitAsync(Pulse, cancellationToken))
            {
                await ExecuteAsync(connection, "SELECT 1", cancellationToken);
            }

            cache.GoOn(Trust);
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
        // Constants of this file; LISTEN takes no parameters.
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(statement, connection) { CommandTimeout = (int)Pulse.TotalSeconds };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(
        EventId = 1,
        Level = LogLevel.Warning,
        Message = "Changes of tenants are not heard of just now, so each is read from the database each time: {Reason}")]
    private static partial void LogFailure(ILogger logger, string reason);
}
