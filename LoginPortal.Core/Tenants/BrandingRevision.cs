namespace LoginPortal.Core.Tenants;

/// <summary>One published state of a tenant's branding. Revisions are never changed, only added.</summary>
public sealed class BrandingRevision
{
    /// <summary>Version-7 identifier; also the version in the stylesheet's address.</summary>
    public required Guid Id { get; init; }

    /// <summary>The tenant it belongs to.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>1 for a tenant's first revision, then rising by one.</summary>
    public required int Number { get; init; }

    /// <summary>The look and the words.</summary>
    public required Branding Document { get; init; }

    /// <summary>When it was published, UTC.</summary>
    public required DateTimeOffset PublishedAt { get; init; }

    /// <summary>Who published it; <see langword="null"/> for the portal itself.</summary>
    public Guid? PublishedBy { get; init; }
}

/// <summary>A picture or font of a tenant, served by the portal under an address made from its content.</summary>
public sealed class BrandAsset
{
    /// <summary>The tenant it belongs to.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>SHA-256 of <see cref="Content"/> in lower-case hexadecimal; unique within the tenant.</summary>
    public required string Key { get; init; }

    /// <summary>The media type that the content was checked to be.</summary>
    public required string ContentType { get; init; }

    /// <summary>The bytes.</summary>
    public required byte[] Content { get; init; }

    /// <summary>When it was stored, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>
    /// Until when it is kept although no revision has it, UTC; <see langword="null"/> once one does. Until then only administrators see it, and it stays
    /// as long as the draft has it.
    /// </summary>
    public DateTimeOffset? DraftUntil { get; init; }

    /// <summary>Whether <paramref name="key"/> has the form of a key: 64 digits of lower-case hexadecimal.</summary>
    public static bool IsKey(string? key) => key is { Length: 64 } && key.All(char.IsAsciiHexDigitLower);
}
