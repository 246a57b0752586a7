using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Passkeys;

/// <summary>For whom passkeys are made, from configuration alone: nothing of it is read from a request.</summary>
/// <param name="Id">The RP ID: the host of the tenant's pages.</param>
/// <param name="Origins">The origins whose pages may use its passkeys, the RP's own first.</param>
public sealed record RelyingParty(string Id, IReadOnlyList<string> Origins)
{
    /// <summary>Whether a page of <paramref name="origin"/> may use the passkeys.</summary>
    public bool Allows(string origin) => Origins.Contains(origin, StringComparer.Ordinal);
}

/// <summary>Finds the relying party of a tenant.</summary>
public sealed class RelyingParties(PortalDbContext database, IOptions<PortalOptions> options)
{
    /// <summary>
    /// A tenant with a domain of its own is its own relying party, and its further domains and the portal's address are related origins
    /// (Web Authentication Level 3, 5.11), as are the origins that it registered for clients of its own. The others share the portal's host: there the user handle tells people of two tenants apart.
    /// </summary>
    public async Task<RelyingParty> OfAsync(TenantProfile tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        var portal = options.Value.PublicOrigin!;
        var registered = await database.TenantOrigins
            .Where(origin => origin.TenantId == tenant.Id)
            .OrderBy(origin => origin.Origin)
            .Select(origin => origin.Origin)
            .ToListAsync(cancellationToken);
        if (tenant.PrimaryHost is not { } primary)
        {
            return new RelyingParty(portal.Host, [OriginOf(portal), .. registered]);
        }

        var hosts = await database.TenantDomains
            .Where(domain => domain.TenantId == tenant.Id && domain.VerifiedAt != null && domain.Host != primary)
            .OrderBy(domain => domain.Host)
            .Select(domain => domain.Host)
            .ToListAsync(cancellationToken);
        return new RelyingParty(
            primary, [OriginAt(portal, primary), .. hosts.Select(host => OriginAt(portal, host)), OriginOf(portal), .. registered]);
    }

    private static string OriginAt(Uri portal, string host) => OriginOf(new UriBuilder(portal) { Host = host }.Uri);

    private static string OriginOf(Uri address) => address.GetLeftPart(UriPartial.Authority);
}
