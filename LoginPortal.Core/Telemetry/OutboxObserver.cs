using System.Diagnostics.Metrics;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Telemetry;

/// <summary>
/// Looks at the outbox four times a minute, where anybody measures it. Every node sees the same rows: take the highest value, not the sum.
/// </summary>
internal sealed class OutboxObserver : RecurringService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    private readonly IServiceScopeFactory _scopes;
    private readonly Instrument _waiting;
    private Look _look = new(0, 0, TimeSpan.Zero);

    public OutboxObserver(IServiceScopeFactory scopes, PortalMetrics metrics, TimeProvider time, ILogger<OutboxObserver> logger)
        : base(Interval, time, logger)
    {
        _scopes = scopes;
        _waiting = metrics.Meter.CreateObservableGauge("loginportal.outbox.depth", () => _look.Waiting, "{mail}", "Mails that wait to be sent.");
        metrics.Meter.CreateObservableGauge("loginportal.outbox.parked", () => _look.Parked, "{mail}", "Mails that were given up.");
        metrics.Meter.CreateObservableGauge("loginportal.outbox.age", () => _look.Age.TotalSeconds, "s", "The age of the oldest mail that waits.");
    }

    /// <summary>Looks once.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var mails = scope.ServiceProvider.GetRequiredService<PortalDbContext>().OutboxMails.IgnoreQueryFilters().Where(mail => mail.SentAt == null);
        var waiting = mails.Where(mail => mail.ParkedAt == null);
        var oldest = await waiting.MinAsync(mail => (DateTimeOffset?)mail.CreatedAt, cancellationToken);
        _look = new Look(
            await waiting.CountAsync(cancellationToken),
            await mails.CountAsync(mail => mail.ParkedAt != null, cancellationToken),
            oldest is { } since ? Time.GetUtcNow() - since : TimeSpan.Zero);
    }

    protected override async Task<bool> TakeTurnAsync(CancellationToken cancellationToken)
    {
        if (_waiting.Enabled)
        {
            await RunOnceAsync(cancellationToken);
        }

        return false;
    }

    private sealed record Look(int Waiting, int Parked, TimeSpan Age);
}
