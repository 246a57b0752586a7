namespace LoginPortal.Core.Tenants.Domains;

/// <summary>One way in which a tenant can show that a host is its own: by publishing, under that host, what only the claim knows to ask for.</summary>
public interface IDomainProof
{
    /// <summary>The way.</summary>
    DomainProofMethod Method { get; }

    /// <summary>Looks whether the proof is there.</summary>
    /// <param name="host">The host, in the form of <see cref="HostName.Normalize"/>.</param>
    /// <param name="value">What must be published: see <see cref="DomainProofs.ValueOf"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<DomainProofResult> CheckAsync(string host, string value, CancellationToken cancellationToken);
}

/// <summary>The ways to prove a host.</summary>
public enum DomainProofMethod
{
    /// <summary>A TXT record.</summary>
    Dns = 0,

    /// <summary>A file that the host serves over HTTPS.</summary>
    File = 1,
}

/// <summary>What was found.</summary>
public enum DomainProofResult
{
    /// <summary>What was asked for.</summary>
    Proved = 0,

    /// <summary>Nothing.</summary>
    NotFound = 1,

    /// <summary>Something else.</summary>
    Different = 2,

    /// <summary>Nobody answered, or not in time, or from an address that the portal does not ask.</summary>
    Unreachable = 3,
}

/// <summary>What is published where.</summary>
public static class DomainProofs
{
    /// <summary>The name of the TXT record of a host.</summary>
    public static string DnsNameOf(string host) => $"_loginportal-challenge.{host}";

    /// <summary>The address of the file of a host.</summary>
    public static Uri FileOf(string host) => new($"https://{host}/.well-known/loginportal-challenge.txt");

    /// <summary>What the record or the file must hold.</summary>
    public static string ValueOf(string token) => $"loginportal-domain-verification={token}";
}
