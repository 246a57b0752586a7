using System.Net.Mail;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Mail;

/// <summary>
/// Sends what waits in the outbox. A node leases a mail by moving its next try on, in one conditional update; if the node dies before it
/// has noted that the mail was sent, the mail is sent a second time, and never lost.
/// </summary>
public sealed partial class OutboxSender(
    IServiceScopeFactory scopes, IMailSender sender, TimeProvider time, ILogger<OutboxSender> logger) : BackgroundService
{
    private const int BatchSize = 20;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(1);

    /// <summary>Sends what is due.</summary>
    /// <returns>How many mails were tried.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        if (!sender.IsConfigured)
        {
            return 0;
        }

        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var now = time.GetUtcNow();
        var due = await database.OutboxMails.IgnoreQueryFilters().AsNoTracking()
            .Where(mail => mail.SentAt == null && mail.ParkedAt == null && mail.NextAttemptAt <= now)
            .OrderBy(mail => mail.NextAttemptAt)
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        foreach (var mail in due)
        {
            if (await LeaseAsync(database, mail, cancellationToken))
            {
                await TryAsync(database, mail, cancellationToken);
            }
        }

        return due.Count;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                LogFailure(logger, exception);
            }
        }
    }

    private async Task<bool> LeaseAsync(PortalDbContext database, OutboxMail mail, CancellationToken cancellationToken)
    {
        var until = time.GetUtcNow() + Lease;
        return await database.OutboxMails.IgnoreQueryFilters()
            .Where(m => m.Id == mail.Id && m.NextAttemptAt == mail.NextAttemptAt && m.SentAt == null)
            .ExecuteUpdateAsync(m => m.SetProperty(x => x.NextAttemptAt, until), cancellationToken) == 1;
    }

    private async Task TryAsync(PortalDbContext database, OutboxMail mail, CancellationToken cancellationToken)
    {
        var row = database.OutboxMails.IgnoreQueryFilters().Where(m => m.Id == mail.Id);
        try
        {
            var senderName = await database.Tenants.Where(t => t.Id == mail.TenantId).Select(t => t.DisplayName).SingleAsync(cancellationToken);
            await sender.SendAsync(mail, senderName, cancellationToken);
            var now = time.GetUtcNow();
            await row.ExecuteUpdateAsync(m => m.SetProperty(x => x.SentAt, now), cancellationToken);
        }
        catch (Exception exception) when (exception is SmtpException or IOException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            var now = time.GetUtcNow();
            var delay = TimeSpan.FromTicks(Math.Min(LongestDelay.Ticks, TimeSpan.FromSeconds(15).Ticks << Math.Min(mail.Attempts, 20)));
            var error = exception.Message[..Math.Min(exception.Message.Length, 500)];
            DateTimeOffset? parkedAt = now - mail.CreatedAt >= GiveUpAfter ? now : null;
            await row.ExecuteUpdateAsync(
                m => m.SetProperty(x => x.Attempts, mail.Attempts + 1)
                    .SetProperty(x => x.NextAttemptAt, now + delay)
                    .SetProperty(x => x.ParkedAt, parkedAt)
                    .SetProperty(x => x.LastError, error),
                cancellationToken);
            LogNotSent(logger, mail.Id, mail.Attempts + 1, error);
        }
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Mail {MailId} was not taken at try {Attempt}: {Error}")]
    private static partial void LogNotSent(ILogger logger, Guid mailId, int attempt, string error);

    [LoggerMessage(EventId = 2, Level = LogLevel.Warning, Message = "The outbox could not be looked at; it is tried again in a moment.")]
    private static partial void LogFailure(ILogger logger, Exception exception);
}
