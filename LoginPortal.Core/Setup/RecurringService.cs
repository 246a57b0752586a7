using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Setup;

/// <summary>Work that every node does again and again. What fails is logged and left to the next turn: the database may be away for a moment.</summary>
public abstract partial class RecurringService(TimeSpan interval, TimeProvider time, ILogger logger) : BackgroundService
{
    /// <summary>The clock.</summary>
    protected TimeProvider Time => time;

    /// <summary>Where it says what it does.</summary>
    protected ILogger Logger => logger;

    /// <summary>Works once.</summary>
    /// <returns>Whether more is waiting, so that the next turn shall come at once.</returns>
    protected abstract Task<bool> TakeTurnAsync(CancellationToken cancellationToken);

    /// <inheritdoc />
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await TakeTurnAsync(stoppingToken))
                {
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailure(logger, GetType().Name, exception);
            }
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "{Service} failed, and tries again at its next turn.")]
    private static partial void LogFailure(ILogger logger, string service, Exception exception);
}
