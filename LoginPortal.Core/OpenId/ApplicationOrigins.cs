using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.OpenId;

/// <summary>The origins of the current tenant's single-page applications, whose scripts call the token endpoint.</summary>
public sealed class ApplicationOrigins(PortalDbContext database)
{
    /// <summary>Whether an application lives there.</summary>
    /// <param name="origin">The origin as the browser sends it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<bool> ContainAsync(string origin, CancellationToken cancellationToken)
    {
        var registered = await database.OpenIdClients.AsNoTracking()
            .Where(client => client.Kind == OpenIdClientKind.SinglePage)
            .Select(client => client.RedirectUris)
            .ToListAsync(cancellationToken);
        return registered.SelectMany(addresses => addresses).Any(address => RedirectUris.OriginOf(address) == origin);
    }
}
