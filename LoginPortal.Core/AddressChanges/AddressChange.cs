namespace LoginPortal.Core.AddressChanges;

/// <summary>A person's wish for another address, and once it is confirmed, the memory of the one before.</summary>
public sealed class AddressChange
{
    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>Whose address it is about.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The address at the time of the wish.</summary>
    public required string PreviousAddress { get; init; }

    /// <summary>The address that is wished for.</summary>
    public required string NewAddress { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When neither a confirmation nor an undoing is accepted any more, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }
}
