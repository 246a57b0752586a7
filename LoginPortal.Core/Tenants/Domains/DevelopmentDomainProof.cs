namespace LoginPortal.Core.Tenants.Domains;

/// <summary>Believes every claim, so that domains can be tried on a machine that nobody reaches. For Development only.</summary>
public sealed class DevelopmentDomainProof(DomainProofMethod method) : IDomainProof
{
    /// <inheritdoc />
    public DomainProofMethod Method => method;

    /// <inheritdoc />
    public Task<DomainProofResult> CheckAsync(string host, string value, CancellationToken cancellationToken) => Task.FromResult(DomainProofResult.Proved);
}
