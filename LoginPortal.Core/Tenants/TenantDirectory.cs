using System.Linq.Expressions;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tenants;

/// <summary>
/// Finds active tenants. Each call is one indexed query: what an administrator publishes is seen by the next request on
/// every node.
/// </summary>
public sealed class TenantDirectory(PortalDbContext database)
{
    /// <summary>The active tenant with this slug; <see langword="null"/> if there is none.</summary>
    public Task<TenantProfile?> FindBySlugAsync(string slug, CancellationToken cancellationToken) => TenantSlug.IsValid(slug)
        ? FindAsync(tenant => tenant.Slug == slug, cancellationToken)
        : Task.FromResult<TenantProfile?>(null);

    /// <summary>The active tenant that has proved this host to be its own; <see langword="null"/> if there is none.</summary>
    /// <param name="host">The host without port, in any case.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public Task<TenantProfile?> FindByHostAsync(string host, CancellationToken cancellationToken)
    {
        var normalizedHost = HostName.Normalize(host);

        // From the host to the tenant: asked the other way round, SQLite would look at every tenant.
        var owners = database.TenantDomains
            .Where(domain => domain.Host == normalizedHost && domain.VerifiedAt != null)
            .Select(domain => domain.TenantId);
        return FindAsync(tenant => owners.Contains(tenant.Id), cancellationToken);
    }

    /// <summary>The active tenant with this identifier; <see langword="null"/> if there is none.</summary>
    public Task<TenantProfile?> FindByIdAsync(Guid id, CancellationToken cancellationToken) =>
        FindAsync(tenant => tenant.Id == id, cancellationToken);

    /// <summary>The tenant with this identifier, also one that is suspended: for what is still to be said in its name, never for what is done in it.</summary>
    public Task<TenantProfile?> FindEvenSuspendedAsync(Guid id, CancellationToken cancellationToken) =>
        ReadAsync(database.Tenants.Where(tenant => tenant.Id == id), cancellationToken);

    private Task<TenantProfile?> FindAsync(Expression<Func<Tenant, bool>> criterion, CancellationToken cancellationToken) =>
        ReadAsync(database.Tenants.Where(tenant => tenant.Status == TenantStatus.Active).Where(criterion), cancellationToken);

    private static async Task<TenantProfile?> ReadAsync(IQueryable<Tenant> tenants, CancellationToken cancellationToken)
    {
        var found = await tenants
            .AsNoTracking()
            .Select(tenant => new
            {
                tenant.Id,
                tenant.Slug,
                tenant.DisplayName,
                tenant.Policy,
                tenant.BrandingRevisionId,
                Document = tenant.BrandingRevision == null ? null : tenant.BrandingRevision.Document,
                PrimaryHost = tenant.Domains
                    .Where(domain => domain.IsPrimary && domain.VerifiedAt != null)
                    .Select(domain => domain.Host)
                    .FirstOrDefault(),
            })
            .SingleOrDefaultAsync(cancellationToken);

        return found is null
            ? null
            : new TenantProfile(
                found.Id,
                found.Slug,
                found.DisplayName,
                found.Policy,
                found.BrandingRevisionId ?? Guid.Empty,
                found.Document ?? Branding.Default,
                found.PrimaryHost);
    }
}
