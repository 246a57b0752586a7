using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Recovery;

/// <summary>
/// Answers wishes for a new password with a mail, where there is somebody to mail to. A request is deleted in the transaction that puts the
/// mail into the outbox: of several nodes one answers it, and a node that dies leaves it to the next.
/// </summary>
public sealed partial class RecoveryRequestHandler(IServiceScopeFactory scopes, TimeProvider time, ILogger<RecoveryRequestHandler> logger)
    : BackgroundService
{
    private const int BatchSize = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Answers what waits, up to fifty requests.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        List<RecoveryRequest> waiting;
        await using (var scope = scopes.CreateAsyncScope())
        {
            waiting = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().RecoveryRequests.IgnoreQueryFilters().AsNoTracking()
                .OrderBy(request => request.Id)
                .Take(BatchSize)
                .ToListAsync(cancellationToken);
        }

        foreach (var request in waiting)
        {
            try
            {
                await AnswerAsync(request, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !DatabaseFailure.Is(exception))
            {
                // What cannot be answered must not keep the others waiting; its person can ask again.
                LogUnanswerable(logger, request.TenantId, exception);
                await DropAsync(request, cancellationToken);
            }
        }

        return waiting.Count;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) == BatchSize)
                {
                }
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // The database may be away for a moment; the next turn tries again.
                LogFailure(logger, exception);
            }
        }
    }

    private async Task AnswerAsync(RecoveryRequest request, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var tenant = await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindByIdAsync(request.TenantId, cancellationToken);
        if (tenant is not null)
        {
            scope.ServiceProvider.GetRequiredService<TenantContext>().Set(tenant);
        }

        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (await database.RecoveryRequests.IgnoreQueryFilters().Where(r => r.Id == request.Id).ExecuteDeleteAsync(cancellationToken) != 1)
        {
            return;
        }

        var name = EmailAddress.Normalize(request.Address);
        if (tenant is not null
            && await database.Users.SingleOrDefaultAsync(u => u.NormalizedUserName == name && u.DisabledAt == null, cancellationToken) is { } user)
        {
            await MailAsync(scope.ServiceProvider, database, tenant, user, request, cancellationToken);
        }

        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task DropAsync(RecoveryRequest request, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PortalDbContext>().RecoveryRequests.IgnoreQueryFilters()
            .Where(r => r.Id == request.Id)
            .ExecuteDeleteAsync(cancellationToken);
    }

    private async Task MailAsync(
        IServiceProvider services,
        PortalDbContext database,
        TenantProfile tenant,
        PortalUser user,
        RecoveryRequest request,
        CancellationToken cancellationToken)
    {
        const string purpose = OneTimeLinkPurpose.PasswordReset;
        var now = time.GetUtcNow();
        var isAllowed = await MailAllowances.TryTakeAsync(database, tenant.Id, purpose, user.Email!, now, cancellationToken);
        services.GetRequiredService<SecurityEventWriter>().Record(
            database,
            tenant.Id,
            SecurityEventKind.PasswordResetRequested,
            isAllowed ? SecurityEventOutcome.Success : SecurityEventOutcome.Refused,
            new RequestFacts(request.IpAddress, UserAgent: null),
            subjectId: user.Id,
            reason: isAllowed ? null : "too_many_mails");
        if (!isAllowed)
        {
            return;
        }

        var lifetime = PasswordRecovery.LinkLifetime;
        var token = await AccountLinks.ReplaceAsync(database, tenant.Id, user.Id, purpose, now, lifetime, cancellationToken);
        var draft = new MailDraft("ResetPassword")
        {
            Link = $"reset-password?token={token}",
            Language = request.Language,
            Values = [(int)lifetime.TotalMinutes],
        };
        await services.GetRequiredService<Outbox>().AddAsync(database, tenant, user, draft, cancellationToken);
    }

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Wishes for a new password could not be answered; it is tried again in a moment.")]
    private static partial void LogFailure(ILogger logger, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "A wish for a new password at tenant {TenantId} cannot be answered.")]
    private static partial void LogUnanswerable(ILogger logger, Guid tenantId, Exception exception);
}
