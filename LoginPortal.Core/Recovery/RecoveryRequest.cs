namespace LoginPortal.Core.Recovery;

/// <summary>
/// The wish for a new password, as it was typed. Whether there is such an account is looked up after the answer has been given, so that
/// neither its words nor its time depend on that.
/// </summary>
public sealed class RecoveryRequest
{
    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it was typed at.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The address that was typed.</summary>
    public required string Address { get; init; }

    /// <summary>The language of the page, as a culture name.</summary>
    public string? Language { get; init; }

    /// <summary>The network address it came from.</summary>
    public string? IpAddress { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}
