using System.Linq.Expressions;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tenants;

/// <summary>
/// Finds active tenants. Whoever comes from outside is answered from the database each time, in one indexed query: what an administrator
/// publishes is seen by the next page on every node, and a tenant that is suspended is closed to the next request.
/// Where what is asked for is itself looked up in active tenants alone, such as a session, the tenant that goes with it may come from memory.
/// </summary>
public sealed class TenantDirectory(PortalDbContext database, TenantCache cache)
{
    private Queries Compiled => CompiledQueries<Queries>.For(database);

    /// <summary>The active tenant with this slug; <see langword="null"/> if there is none.</summary>
    public Task<TenantProfile?> FindBySlugAsync(string slug, CancellationToken cancellationToken) => TenantSlug.IsValid(slug)
        ? ReadAsync(Compiled.BySlug, slug, cancellationToken)
        : Task.FromResult<TenantProfile?>(null);

    /// <summary>The active tenant that has proved this host to be its own; <see langword="null"/> if there is none.</summary>
    /// <param name="host">The host without port, in any case.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public Task<TenantProfile?> FindByHostAsync(string host, CancellationToken cancellationToken) =>
        ReadAsync(Compiled.ByHost, HostName.Normalize(host), cancellationToken);

    /// <summary>The active tenant with this identifier; <see langword="null"/> if there is none.</summary>
    public Task<TenantProfile?> FindByIdAsync(Guid id, CancellationToken cancellationToken) => ReadAsync(Compiled.ById, id, cancellationToken);

    /// <summary>
    /// The same for the work behind a request that has found its tenant already: a node that hears of changes answers from its memory.
    /// </summary>
    internal async Task<TenantProfile?> FindKnownAsync(Guid id, CancellationToken cancellationToken) =>
        cache.Find(id) ?? await FindByIdAsync(id, cancellationToken);

    /// <summary>The same by its slug, where what the request is about is then asked of active tenants alone.</summary>
    public async Task<TenantProfile?> FindKnownAsync(string slug, CancellationToken cancellationToken) =>
        cache.Find(slug) ?? await FindBySlugAsync(slug, cancellationToken);

    /// <summary>The tenant with this identifier, also one that is suspended: for what is still to be said in its name, never for what is done in it.</summary>
    internal async Task<TenantProfile?> FindEvenSuspendedAsync(Guid id, CancellationToken cancellationToken) =>
        await database.Tenants.AsNoTracking().Where(tenant => tenant.Id == id).Select(Queries.Columns).SingleOrDefaultAsync(cancellationToken) is { } found
            ? ProfileOf(found)
            : null;

    private static TenantProfile ProfileOf(Row found) => new(
        found.Id,
        found.Slug,
        found.DisplayName,
        found.Policy,
        found.BrandingRevisionId ?? Guid.Empty,
        found.Document ?? Branding.Default,
        found.PrimaryHost);

    private async Task<TenantProfile?> ReadAsync<T>(
        Func<PortalDbContext, T, CancellationToken, Task<Row?>> query, T criterion, CancellationToken cancellationToken)
    {
        var moment = cache.Moment;
        if (await query(database, criterion, cancellationToken) is not { } found)
        {
            return null;
        }

        var profile = ProfileOf(found);
        cache.Keep(profile, moment);
        return profile;
    }

    private sealed record Row(
        Guid Id, string Slug, string DisplayName, TenantPolicy Policy, Guid? BrandingRevisionId, Branding? Document, string? PrimaryHost);

    private sealed class Queries
    {
        public static readonly Expression<Func<Tenant, Row>> Columns = tenant => new Row(
            tenant.Id,
            tenant.Slug,
            tenant.DisplayName,
            tenant.Policy,
            tenant.BrandingRevisionId,
            tenant.BrandingRevision == null ? null : tenant.BrandingRevision.Document,
            tenant.Domains
                .Where(domain => domain.IsPrimary && domain.VerifiedAt != null)
                .Select(domain => domain.Host)
                .FirstOrDefault());

        public Func<PortalDbContext, string, CancellationToken, Task<Row?>> BySlug { get; } = EF.CompileAsyncQuery(
            (PortalDbContext database, string slug, CancellationToken _) => database.Tenants.AsNoTracking()
                .Where(tenant => tenant.Status == TenantStatus.Active && tenant.Slug == slug)
                .Select(Columns)
                .SingleOrDefault());

        /// <summary>From the host to the tenant: asked the other way round, SQLite would look at every tenant.</summary>
        public Func<PortalDbContext, string, CancellationToken, Task<Row?>> ByHost { get; } = EF.CompileAsyncQuery(
            (PortalDbContext database, string host, CancellationToken _) => database.Tenants.AsNoTracking()
                .Where(tenant => tenant.Status == TenantStatus.Active
                    && database.TenantDomains.Where(domain => domain.Host == host && domain.VerifiedAt != null).Select(domain => domain.TenantId).Contains(tenant.Id))
                .Select(Columns)
                .SingleOrDefault());

        public Func<PortalDbContext, Guid, CancellationToken, Task<Row?>> ById { get; } = EF.CompileAsyncQuery(
            (PortalDbContext database, Guid id, CancellationToken _) => database.Tenants.AsNoTracking()
                .Where(tenant => tenant.Status == TenantStatus.Active && tenant.Id == id)
                .Select(Columns)
                .SingleOrDefault());
    }
}
