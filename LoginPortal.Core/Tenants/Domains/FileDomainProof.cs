using System.Net;
using System.Net.Sockets;
using System.Text;
using LoginPortal.Core.Networking;

namespace LoginPortal.Core.Tenants.Domains;

/// <summary>
/// Fetches the file. The host is an administrator's word, so what is asked must not lead into the portal's own network: HTTPS on its own port alone,
/// only addresses that are public, connected to as they were judged; no redirect, no proxy, a few bytes, a few seconds.
/// </summary>
public sealed class FileDomainProof(IHttpClientFactory clients) : IDomainProof
{
    /// <summary>How long it may take in all.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private const int MaximumBytes = 1024;

    /// <inheritdoc />
    public DomainProofMethod Method => DomainProofMethod.File;

    /// <inheritdoc />
    public async Task<DomainProofResult> CheckAsync(string host, string value, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Timeout);
        try
        {
            var client = clients.CreateClient(nameof(FileDomainProof));
            using var response = await client.GetAsync(DomainProofs.FileOf(host), HttpCompletionOption.ResponseHeadersRead, limit.Token);
            if (response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Gone)
            {
                return DomainProofResult.NotFound;
            }

            if (response.StatusCode != HttpStatusCode.OK)
            {
                return DomainProofResult.Different;
            }

            await using var content = await response.Content.ReadAsStreamAsync(limit.Token);
            var buffer = new byte[MaximumBytes];
            var length = await content.ReadAtLeastAsync(buffer, MaximumBytes, throwOnEndOfStream: false, limit.Token);
            return length < MaximumBytes && string.Equals(Encoding.UTF8.GetString(buffer, 0, length).Trim('\uFEFF', ' ', '\r', '\n', '\t'), value, StringComparison.Ordinal)
                ? DomainProofResult.Proved
                : DomainProofResult.Different;
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return DomainProofResult.Unreachable;
        }
    }

    /// <summary>What the requests go through.</summary>
    public static SocketsHttpHandler CreateHandler() => OutwardConnections.CreateHandler(PublicAddresses.Contains);
}
