using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Accounts;

/// <summary>Keeps a tenant from losing everybody who could administer it, and the platform everybody who operates it.</summary>
internal static class LastAdministrator
{
    /// <summary>Locks the tenant in the caller's transaction: of two administrators who leave at the same time, the second sees that the first is gone.</summary>
    public static Task LockAsync(PortalDbContext database, Guid tenantId, CancellationToken cancellationToken) => database.Tenants
        .Where(tenant => tenant.Id == tenantId)
        .ExecuteUpdateAsync(update => update.SetProperty(tenant => tenant.Status, tenant => tenant.Status), cancellationToken);

    /// <summary>Whether nobody else of the tenant may do what the person may. A member is nobody's last.</summary>
    public static async Task<bool> IsAsync(PortalDbContext database, PortalUser user, CancellationToken cancellationToken)
    {
        var (userId, role) = (user.Id, user.Role);
        return role != PortalRole.Member
            && user.DisabledAt is null
            && !await database.Users.AnyAsync(other => other.Role >= role && other.Id != userId && other.DisabledAt == null, cancellationToken);
    }
}
