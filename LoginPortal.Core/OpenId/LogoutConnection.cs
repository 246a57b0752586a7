using System.Net;
using LoginPortal.Core.Networking;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.OpenId;

/// <summary>Connects to applications that are told of ended sessions; within the portal's own network only where its operator allows it.</summary>
internal sealed class LogoutConnection(IOptions<OpenIdOptions> options, IHostEnvironment environment)
{
    /// <summary>The handler that such requests go through.</summary>
    public SocketsHttpHandler CreateHandler() => OutwardConnections.CreateHandler(IsAllowed);

    /// <summary>Whether such an address may be connected to.</summary>
    public bool IsAllowed(IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (IPAddress.IsLoopback(plain))
        {
            return environment.IsDevelopment();
        }

        // What is nobody's host, or the machine's own metadata service, is never one.
        return PublicAddresses.Contains(plain)
            || (options.Value.AllowPrivateNetworks && !plain.IsIPv6LinkLocal && !plain.IsIPv6Multicast
                && !IPNetwork.Parse("169.254.0.0/16").Contains(plain) && !plain.Equals(IPAddress.Any) && !plain.Equals(IPAddress.IPv6Any));
    }
}
