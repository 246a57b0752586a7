using DnsClient;

namespace LoginPortal.Core.Tenants.Domains;

/// <summary>Asks the name servers of this machine for the TXT record.</summary>
/// <param name="client">Made when it is first needed: a machine without name servers can still do everything else.</param>
public sealed class DnsDomainProof(Lazy<ILookupClient> client) : IDomainProof
{
    /// <summary>How long a name server may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);

    /// <inheritdoc />
    public DomainProofMethod Method => DomainProofMethod.Dns;

    /// <summary>How it asks: nothing is remembered, because what was not there a moment ago may be there now.</summary>
    public static LookupClientOptions Configure(LookupClientOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.UseCache = false;
        options.Timeout = Timeout;
        options.Retries = 1;
        options.ThrowDnsErrors = false;
        return options;
    }

    /// <inheritdoc />
    public async Task<DomainProofResult> CheckAsync(string host, string value, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await client.Value.QueryAsync(DomainProofs.DnsNameOf(host), QueryType.TXT, cancellationToken: cancellationToken);
            var records = answer.Answers.TxtRecords().Select(record => string.Concat(record.Text).Trim()).ToList();
            if (answer.HasError && answer.Header.ResponseCode != DnsHeaderResponseCode.NotExistentDomain)
            {
                return DomainProofResult.Unreachable;
            }

            return records.Contains(value, StringComparer.Ordinal) ? DomainProofResult.Proved
                : records.Count == 0 ? DomainProofResult.NotFound : DomainProofResult.Different;
        }
        catch (Exception exception) when (exception is DnsResponseException or ArgumentException or InvalidOperationException or System.Net.Sockets.SocketException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // No name server answered, or there is none.
            return DomainProofResult.Unreachable;
        }
    }
}
