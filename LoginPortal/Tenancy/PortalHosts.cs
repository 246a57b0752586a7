using System.Collections.Frozen;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using Microsoft.Extensions.Options;

namespace LoginPortal.Tenancy;

/// <summary>The hosts of the portal itself, from the configuration.</summary>
internal sealed class PortalHosts(IOptions<PortalOptions> options)
{
    private readonly FrozenSet<string> _hosts = options.Value.AdditionalHosts
        .Append(options.Value.PublicOrigin!.Host)
        .Select(HostName.Normalize)
        .ToFrozenSet(StringComparer.Ordinal);

    public bool Contains(string host) => _hosts.Contains(HostName.Normalize(host));
}
