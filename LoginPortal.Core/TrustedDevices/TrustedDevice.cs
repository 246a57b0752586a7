namespace LoginPortal.Core.TrustedDevices;

/// <summary>A browser in which a person need not give the second factor again for a while. It never replaces the first.</summary>
public sealed class TrustedDevice
{
    /// <summary>Version-7 identifier.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it belongs to.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The person.</summary>
    public required Guid UserId { get; init; }

    /// <summary>SHA-256 of the token in the browser's cookie.</summary>
    public required string TokenHash { get; init; }

    /// <summary>Browser and system in words.</summary>
    public required string DeviceLabel { get; init; }

    /// <summary>When the person trusted it, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it last stood in for the second factor, UTC.</summary>
    public required DateTimeOffset LastUsedAt { get; set; }

    /// <summary>When the trust ends, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}
