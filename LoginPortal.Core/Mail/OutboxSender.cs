using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Telemetry;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Mail;

/// <summary>
/// Sends what waits in the outbox. A node leases a mail by moving its next try on, in one conditional update; if the node dies before it
/// has noted that the mail was sent, the mail is sent a second time, and never lost.
/// </summary>
public sealed partial class OutboxSender(
    IServiceScopeFactory scopes, IMailSender sender, MailContents contents, PortalMetrics metrics, TimeProvider time, ILogger<OutboxSender> logger)
    : RecurringService(Interval, time, logger)
{
    private const int BatchSize = 20;
    private const int MaximumError = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Lease = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromHours(1);
    private static readonly TimeSpan GiveUpAfter = TimeSpan.FromDays(1);

    /// <summary>How long a node that stops goes on with the mail under way: given up in the middle, it could arrive twice.</summary>
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

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
        var now = Time.GetUtcNow();
        var due = await database.OutboxMails.IgnoreQueryFilters().AsNoTracking()
            .Where(mail => mail.SentAt == null && mail.ParkedAt == null && mail.NextAttemptAt <= now)
            .OrderBy(mail => mail.NextAttemptAt)
            .Take(BatchSize)
            .ToListAsync(cancellationToken);
        foreach (var mail in due)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                break;
            }

            if (await LeaseAsync(database, mail, cancellationToken))
            {
                await TryAsync(database, mail, cancellationToken);
            }
        }

        return due.Count;
    }

    /// <inheritdoc />
    protected override async Task<bool> TakeTurnAsync(CancellationToken cancellationToken) =>
        await RunOnceAsync(cancellationToken) == BatchSize;

    private async Task<bool> LeaseAsync(PortalDbContext database, OutboxMail mail, CancellationToken cancellationToken)
    {
        var until = Time.GetUtcNow() + Lease;
        return await database.OutboxMails.IgnoreQueryFilters()
            .Where(m => m.Id == mail.Id && m.NextAttemptAt == mail.NextAttemptAt && m.SentAt == null)
            .ExecuteUpdateAsync(m => m.SetProperty(x => x.NextAttemptAt, until), cancellationToken) == 1;
    }

    /// <summary>
    /// Tries once, and notes what came of it also where the node is to stop meanwhile. A mail that could not even be tried to the end then is
    /// given back, for another node to take at once.
    /// </summary>
    private async Task TryAsync(PortalDbContext database, OutboxMail mail, CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Timeout.InfiniteTimeSpan, Time);
        await using var stopping = cancellationToken.Register(() => patience.CancelAfter(StopPatience));
        using var activity = metrics.Source.StartActivity("mail.send");
        var started = Time.GetTimestamp();
        string? failure;
        try
        {
            failure = await FailureOfAsync(mail, patience.Token);
        }
        catch (OperationCanceledException) when (patience.IsCancellationRequested)
        {
            var at = Time.GetUtcNow();
            await Row(database, mail).ExecuteUpdateAsync(m => m.SetProperty(x => x.NextAttemptAt, at), CancellationToken.None);
            return;
        }

        var (now, duration) = (Time.GetUtcNow(), Time.GetElapsedTime(started));
        if (failure is null)
        {
            await Row(database, mail).ExecuteUpdateAsync(m => m.SetProperty(x => x.SentAt, now), CancellationToken.None);
            metrics.MailTried("sent", duration);
        }
        else
        {
            metrics.MailTried(await PostponeAsync(database, mail, failure, CancellationToken.None) ? "parked" : "postponed", duration);
        }
    }

    /// <summary>Hands the mail on; <see langword="null"/> if it was taken.</summary>
    private async Task<string?> FailureOfAsync(OutboxMail mail, CancellationToken cancellationToken)
    {
        try
        {
            await sender.SendAsync(mail, contents.Read(mail), cancellationToken);
            return null;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // A mail that fails in an unforeseen way must not keep those behind it waiting, nor be tried for ever.
            return exception.Message[..Math.Min(exception.Message.Length, MaximumError)];
        }
    }

    /// <returns>Whether it is given up.</returns>
    private async Task<bool> PostponeAsync(PortalDbContext database, OutboxMail mail, string error, CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        var delay = TimeSpan.FromTicks(Math.Min(LongestDelay.Ticks, TimeSpan.FromSeconds(15).Ticks << Math.Min(mail.Attempts, 20)));
        DateTimeOffset? parkedAt = now - mail.CreatedAt >= GiveUpAfter ? now : null;
        await Row(database, mail).ExecuteUpdateAsync(
            m => m.SetProperty(x => x.Attempts, mail.Attempts + 1)
                .SetProperty(x => x.NextAttemptAt, now + delay)
                .SetProperty(x => x.ParkedAt, parkedAt)
                .SetProperty(x => x.LastError, error),
            cancellationToken);
        if (parkedAt is null)
        {
            LogNotSent(Logger, mail.Id, mail.Attempts + 1, error);
        }
        else
        {
            LogParked(Logger, mail.Id, mail.TenantId, mail.Attempts + 1, error);
        }

        return parkedAt is not null;
    }

    private static IQueryable<OutboxMail> Row(PortalDbContext database, OutboxMail mail) =>
        database.OutboxMails.IgnoreQueryFilters().Where(m => m.Id == mail.Id);

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Mail {MailId} was not taken at try {Attempt}: {Error}")]
    private static partial void LogNotSent(ILogger logger, Guid mailId, int attempt, string error);

    [LoggerMessage(
        EventId = 3,
        Level = LogLevel.Error,
        Message = "Mail {MailId} of tenant {TenantId} is given up after a day and {Attempt} tries, and stays parked in the outbox: {Error}")]
    private static partial void LogParked(ILogger logger, Guid mailId, Guid tenantId, int attempt, string error);
}
