using System.Data.Common;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace LoginPortal.Core.Telemetry;

/// <summary>Measures every command, the same for each engine.</summary>
internal sealed class DatabaseCommandMetrics(PortalMetrics metrics) : DbCommandInterceptor
{
    public override DbDataReader ReaderExecuted(DbCommand command, CommandExecutedEventData eventData, DbDataReader result) => Note(eventData, result);

    public override ValueTask<DbDataReader> ReaderExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Note(eventData, result));

    public override object? ScalarExecuted(DbCommand command, CommandExecutedEventData eventData, object? result) => Note(eventData, result);

    public override ValueTask<object?> ScalarExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, object? result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Note(eventData, result));

    public override int NonQueryExecuted(DbCommand command, CommandExecutedEventData eventData, int result) => Note(eventData, result);

    public override ValueTask<int> NonQueryExecutedAsync(
        DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default) =>
        ValueTask.FromResult(Note(eventData, result));

    public override void CommandFailed(DbCommand command, CommandErrorEventData eventData) =>
        metrics.DatabaseCommand(eventData.Duration, failed: true);

    public override Task CommandFailedAsync(DbCommand command, CommandErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        metrics.DatabaseCommand(eventData.Duration, failed: true);
        return Task.CompletedTask;
    }

    private T Note<T>(CommandExecutedEventData eventData, T result)
    {
        if (metrics.MeasuresDatabase)
        {
            metrics.DatabaseCommand(eventData.Duration, failed: false);
        }

        return result;
    }
}
