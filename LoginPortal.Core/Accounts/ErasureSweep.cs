using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Accounts;

/// <summary>Erases the accounts whose grace is over, also those of suspended tenants. Every node may do it at the same time.</summary>
public sealed partial class ErasureSweep(IServiceScopeFactory scopes, TimeProvider time, ILogger<ErasureSweep> logger)
    : RecurringService(Interval, time, logger)
{
    private const int BatchSize = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    /// <summary>Erases what is due, up to fifty accounts.</summary>
    /// <returns>How many were erased here.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        List<DueAccount> due;
        await using (var scope = scopes.CreateAsyncScope())
        {
            due = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Users.IgnoreQueryFilters()
                .Where(user => user.ErasureDueAt <= now)
                .OrderBy(user => user.ErasureDueAt)
                .Take(BatchSize)
                .Select(user => new DueAccount(user.TenantId, user.Id))
                .ToListAsync(cancellationToken);
        }

        var erased = 0;
        foreach (var (tenantId, userId) in due)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                erased += await scope.ServiceProvider.GetRequiredService<AccountEraser>().EraseAsync(tenantId, userId, cancellationToken) ? 1 : 0;
            }
            catch (Exception exception) when (exception is not OperationCanceledException && !DatabaseFailure.Is(exception))
            {
                // One that cannot be erased must not keep the others waiting.
                LogNotErased(Logger, userId, tenantId, exception);
            }
        }

        return erased;
    }

    /// <inheritdoc />
    protected override async Task<bool> TakeTurnAsync(CancellationToken cancellationToken) =>
        await RunOnceAsync(cancellationToken) == BatchSize;

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Account {UserId} of tenant {TenantId} is due and cannot be erased.")]
    private static partial void LogNotErased(ILogger logger, Guid userId, Guid tenantId, Exception exception);

    private sealed record DueAccount(Guid TenantId, Guid UserId);
}
