using System.Net;
using System.Net.Sockets;

namespace LoginPortal.Core.Networking;

/// <summary>
/// Connections to hosts that an administrator has named: to nothing that they could reach by it without being allowed to. The address is looked at after
/// the name has been resolved, and the connection goes to exactly that address; no redirects, no proxy, no cookies.
/// </summary>
internal static class OutwardConnections
{
    /// <summary>The handler that such requests go through.</summary>
    /// <param name="isAllowed">Whether an address may be connected to.</param>
    public static SocketsHttpHandler CreateHandler(Func<IPAddress, bool> isAllowed) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxResponseHeadersLength = 16,
        ConnectCallback = (context, cancellationToken) => ConnectAsync(context, isAllowed, cancellationToken),
    };

    private static async ValueTask<Stream> ConnectAsync(
        SocketsHttpConnectionContext context, Func<IPAddress, bool> isAllowed, CancellationToken cancellationToken)
    {
        var allowed = Array.FindAll(await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, cancellationToken), address => isAllowed(address));
        if (allowed.Length == 0)
        {
            throw new HttpRequestException("The address is in a network that the portal does not connect to.");
        }

        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(allowed, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
