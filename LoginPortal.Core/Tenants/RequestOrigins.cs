using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tenants;

/// <summary>Which origins' scripts may call the JSON host.</summary>
public sealed class RequestOrigins(PortalDbContext database)
{
    private const int LongestOrigin = 300;

    /// <summary>Whether an active tenant has registered the origin.</summary>
    /// <param name="origin">The origin as the browser sends it.</param>
    /// <param name="slug">The tenant that is called; <see langword="null"/> where the address names none.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> IsRegisteredAsync(string origin, string? slug, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(origin);
        return origin.Length is > 0 and <= LongestOrigin
            && origin.All(char.IsAscii)
            && await database.TenantOrigins
                .Where(registered => registered.Origin == origin)
                .AnyAsync(
                    registered => database.Tenants.Any(tenant =>
                        tenant.Id == registered.TenantId && tenant.Status == TenantStatus.Active && (slug == null || tenant.Slug == slug)),
                    cancellationToken);
    }
}
