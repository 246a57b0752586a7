using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.AccountRequests;

/// <summary>
/// Answers wishes about accounts by mail. A wish is deleted in the transaction that puts the mail into the outbox: of several nodes one
/// answers it, and a node that dies leaves it to the next.
/// </summary>
public sealed partial class AccountRequestHandler(IServiceScopeFactory scopes, TimeProvider time, ILogger<AccountRequestHandler> logger)
    : RecurringService(Interval, time, logger)
{
    private const int BatchSize = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Answers what waits, up to fifty wishes.</summary>
    /// <returns>How many there were.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        List<AccountRequest> waiting;
        await using (var scope = scopes.CreateAsyncScope())
        {
            waiting = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().AccountRequests.IgnoreQueryFilters().AsNoTracking()
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
                LogUnanswerable(Logger, request.Kind, request.TenantId, exception);
                await DropAsync(request, cancellationToken);
            }
        }

        return waiting.Count;
    }

    /// <inheritdoc />
    protected override async Task<bool> TakeTurnAsync(CancellationToken cancellationToken) =>
        await RunOnceAsync(cancellationToken) == BatchSize;

    private async Task AnswerAsync(AccountRequest request, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var tenant = await scope.EnterTenantAsync(request.TenantId, cancellationToken);

        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (await database.AccountRequests.IgnoreQueryFilters().Where(r => r.Id == request.Id).ExecuteDeleteAsync(cancellationToken) != 1)
        {
            return;
        }

        if (tenant is not null)
        {
            await scope.ServiceProvider.GetServices<IAccountRequestAnswer>().Single(answer => answer.Kind == request.Kind)
                .AnswerAsync(database, tenant, request, cancellationToken);
        }

        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task DropAsync(AccountRequest request, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PortalDbContext>().AccountRequests.IgnoreQueryFilters()
            .Where(r => r.Id == request.Id)
            .ExecuteDeleteAsync(cancellationToken);
    }

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "A wish ({Kind}) at tenant {TenantId} cannot be answered.")]
    private static partial void LogUnanswerable(ILogger logger, AccountRequestKind kind, Guid tenantId, Exception exception);
}
