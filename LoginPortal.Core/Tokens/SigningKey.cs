namespace LoginPortal.Core.Tokens;

/// <summary>A key that access tokens are signed with: ECDSA on P-256 (ES256). It belongs to the portal, not to a tenant.</summary>
public sealed class SigningKey
{
    /// <summary>The <c>kid</c> of tokens and of the published key.</summary>
    public required string Id { get; init; }

    /// <summary>Rises by one with each key; of two nodes that make the next key at the same time one succeeds.</summary>
    public required int Number { get; init; }

    /// <summary>The private key in PKCS #8, encrypted with Data Protection under a purpose of its own.</summary>
    public required byte[] ProtectedKey { get; init; }

    /// <summary>When it was made and published, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>From when tokens are signed with it, UTC.</summary>
    public required DateTimeOffset SignsFrom { get; init; }

    /// <summary>Until when tokens are signed with it, UTC.</summary>
    public required DateTimeOffset SignsUntil { get; init; }

    /// <summary>Until when it is published, so that its last tokens can still be checked, UTC.</summary>
    public required DateTimeOffset PublishedUntil { get; init; }
}
