using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tenants;

/// <summary>
/// Finds the tenant of a request whose address names none. What stays ambiguous is nobody's, and is answered as wrong credentials are.
/// </summary>
public sealed class TenantResolution(PortalDbContext database, TenantDirectory tenants)
{
    /// <summary>
    /// The tenant that is named; else the one whose own host was called; else the one that has proved the address's domain to be its own;
    /// else, if asked for, the one whose owner the address is; else the only one that knows the address.
    /// </summary>
    /// <param name="named">The slug that the request names; <see langword="null"/> or empty for none.</param>
    /// <param name="host">The host that was called, without port.</param>
    /// <param name="address">The e-mail address, well formed.</param>
    /// <param name="ownersFirst">Whether an owner's own tenant comes before others that know the address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TenantProfile?> FindAsync(
        string? named, string host, string address, bool ownersFirst, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!string.IsNullOrEmpty(named))
        {
            return await tenants.FindBySlugAsync(named, cancellationToken);
        }

        var owner = await tenants.FindByHostAsync(host, cancellationToken)
            ?? await tenants.FindByHostAsync(address[(address.LastIndexOf('@') + 1)..], cancellationToken);
        if (owner is not null)
        {
            return owner;
        }

        var name = EmailAddress.Normalize(address);
        var found = await database.Users.IgnoreQueryFilters().AsNoTracking()
            .Where(user => user.NormalizedUserName == name && user.Tenant!.Status == TenantStatus.Active)
            .OrderBy(user => user.Id)
            .Select(user => new
            {
                user.TenantId,
                IsOwner = user.Role != PortalRole.Member
                    && !database.Users.IgnoreQueryFilters().Any(
                        other => other.TenantId == user.TenantId && other.Role == user.Role && other.CreatedAt < user.CreatedAt),
            })
            .Take(100)
            .ToListAsync(cancellationToken);
        var candidates = ownersFirst && found.Any(user => user.IsOwner) ? found.Where(user => user.IsOwner).ToList() : found;
        return candidates is [var only] ? await tenants.FindByIdAsync(only.TenantId, cancellationToken) : null;
    }

    /// <summary>The address of a tenant's owner: its administrator of longest standing; empty if it has none.</summary>
    public async Task<string> FindOwnerAddressAsync(Guid tenantId, CancellationToken cancellationToken) => await database.Users.IgnoreQueryFilters()
        .Where(user => user.TenantId == tenantId && user.Role != PortalRole.Member)
        .OrderBy(user => user.CreatedAt)
        .Select(user => user.Email)
        .FirstOrDefaultAsync(cancellationToken) ?? "";
}
