using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.HttpOverrides;

namespace LoginPortal.Core.Setup;

/// <summary>Which proxies both hosts believe.</summary>
public static class TrustedProxies
{
    /// <summary>Believes the proxies of <see cref="PortalOptions.TrustedProxies"/> and nobody else.</summary>
    public static void Apply(PortalOptions portal, ForwardedHeadersOptions forwarded)
    {
        ArgumentNullException.ThrowIfNull(portal);
        ArgumentNullException.ThrowIfNull(forwarded);

        // With both lists empty the framework would believe everybody.
        forwarded.ForwardedHeaders = portal.TrustedProxies.Count == 0
            ? ForwardedHeaders.None
            : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in portal.TrustedProxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                forwarded.KnownProxies.Add(address);
            }
            else
            {
                forwarded.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        }
    }
}
