using LoginPortal.Core.Tenants.Domains;

namespace LoginPortal.Core.Administration;

/// <summary>A tenant's hosts, and what hangs upon the one that links use.</summary>
/// <param name="PortalAddress">Where the tenant is found on the portal's own host.</param>
/// <param name="Domains">Its hosts, the primary one first, claims last.</param>
/// <param name="Passkeys">How many passkeys there are: each is for the address that it was made at.</param>
/// <param name="PasskeyOwners">How many people have them.</param>
/// <param name="Applications">How many applications know the tenant by its address.</param>
/// <param name="Sessions">How many sessions are live, each at the address where it began.</param>
public sealed record DomainStanding(
    Uri PortalAddress, IReadOnlyList<TenantDomainView> Domains, int Passkeys, int PasskeyOwners, int Applications, int Sessions);

/// <summary>A host of a tenant.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Host">The host.</param>
/// <param name="VerifiedAt">When it was proved, UTC; <see langword="null"/> for a claim.</param>
/// <param name="IsPrimary">Whether links use it.</param>
/// <param name="ExpiresAt">When the claim is dropped, UTC; <see langword="null"/> once it is proved.</param>
/// <param name="ProofValue">What the record or the file must hold.</param>
public sealed record TenantDomainView(Guid Id, string Host, DateTimeOffset? VerifiedAt, bool IsPrimary, DateTimeOffset? ExpiresAt, string ProofValue);

/// <summary>Why something cannot be done with a host.</summary>
public enum DomainProblem
{
    /// <summary>It is no host name with a domain.</summary>
    NotAHost = 0,

    /// <summary>It is a host of the portal itself.</summary>
    OfThePortal = 1,

    /// <summary>The tenant has it already, or has claimed it.</summary>
    Known = 2,

    /// <summary>The tenant has as many as it may have.</summary>
    TooMany = 3,

    /// <summary>It is proved, and another tenant has proved it before.</summary>
    Taken = 4,

    /// <summary>It was looked at a moment ago.</summary>
    TooSoon = 5,

    /// <summary>Links use it.</summary>
    Primary = 6,
}

/// <summary>What became of something that is done with a host. A closed family.</summary>
public abstract record DomainResult
{
    private DomainResult()
    {
    }

    /// <summary>Done.</summary>
    /// <param name="Standing">How things stand now.</param>
    public sealed record Done(DomainStanding Standing) : DomainResult;

    /// <summary>It cannot be; nothing has changed.</summary>
    /// <param name="Problem">Why.</param>
    public sealed record Refused(DomainProblem Problem) : DomainResult;

    /// <summary>The proof was not there.</summary>
    /// <param name="Host">The host.</param>
    /// <param name="Method">Where it was looked for.</param>
    /// <param name="Found">What was found.</param>
    public sealed record NotProved(string Host, DomainProofMethod Method, DomainProofResult Found) : DomainResult;

    /// <summary>The tenant has no such host, or not any more.</summary>
    public sealed record NotFound : DomainResult;
}
