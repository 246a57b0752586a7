using System.Reflection;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Administration;

/// <summary>
/// Deletes the tenants whose grace is over, with everything that has their identifier: whatever table there is or will be. Every node may do it at
/// the same time.
/// </summary>
public sealed class TenantDeletion(IServiceScopeFactory scopes, TimeProvider time, ILogger<TenantDeletion> logger)
    : RecurringService(Interval, time, logger)
{
    private const string TenantKey = "TenantId";
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    private static readonly MethodInfo DeleteMethod =
        typeof(TenantDeletion).GetMethod(nameof(DeleteRowsAsync), BindingFlags.NonPublic | BindingFlags.Static)!;

    /// <summary>Deletes what is due.</summary>
    /// <returns>How many tenants were deleted here.</returns>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var now = Time.GetUtcNow();
        List<Guid> due;
        await using (var scope = scopes.CreateAsyncScope())
        {
            due = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Tenants
                .Where(tenant => tenant.DeletionDueAt <= now)
                .Select(tenant => tenant.Id)
                .ToListAsync(cancellationToken);
        }

        var deleted = 0;
        foreach (var tenantId in due)
        {
            await using var scope = scopes.CreateAsyncScope();
            deleted += await DeleteAsync(scope.ServiceProvider, tenantId, now, cancellationToken) ? 1 : 0;
        }

        return deleted;
    }

    /// <inheritdoc />
    protected override async Task<bool> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await RunOnceAsync(cancellationToken);
        return false;
    }

    private static async Task<bool> DeleteAsync(IServiceProvider services, Guid tenantId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<PortalDbContext>();
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);

        // Locks the row: another node, or an operator who puts the tenant back just now, waits and then finds nothing to do.
        if (await database.Tenants
            .Where(tenant => tenant.Id == tenantId && tenant.DeletionDueAt <= now)
            .ExecuteUpdateAsync(update => update.SetProperty(tenant => tenant.BrandingRevisionId, (Guid?)null), cancellationToken) != 1)
        {
            return false;
        }

        // People first: most of what there is goes with them, and nothing that goes with somebody else's row is in the way then.
        foreach (var entity in database.Model.GetEntityTypes()
            .Where(entity => entity.FindProperty(TenantKey) is not null)
            .OrderBy(entity => entity.ClrType == typeof(Accounts.PortalUser) ? 0 : 1))
        {
            await (Task)DeleteMethod.MakeGenericMethod(entity.ClrType).Invoke(null, [database, tenantId, cancellationToken])!;
        }

        await database.Tenants.Where(tenant => tenant.Id == tenantId).ExecuteDeleteAsync(cancellationToken);
        var platform = await database.Tenants
            .Where(tenant => tenant.Slug == TenantSlug.Platform)
            .Select(tenant => (Guid?)tenant.Id)
            .SingleOrDefaultAsync(cancellationToken);
        if (platform is { } platformId)
        {
            services.GetRequiredService<SecurityEventWriter>().Record(
                database, platformId, SecurityEventKind.TenantDeleted, SecurityEventOutcome.Success, RequestFacts.Portal, subjectId: tenantId);
            await database.SaveChangesAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static Task<int> DeleteRowsAsync<T>(PortalDbContext database, Guid tenantId, CancellationToken cancellationToken)
        where T : class => database.Set<T>().IgnoreQueryFilters()
            .Where(row => EF.Property<Guid>(row, TenantKey) == tenantId)
            .ExecuteDeleteAsync(cancellationToken);
}
