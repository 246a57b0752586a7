namespace LoginPortal.Core.Accounts;

/// <summary>A person's picture, served by the portal under an address made from its content.</summary>
public sealed class ProfilePicture
{
    /// <summary>The person.</summary>
    public required Guid UserId { get; init; }

    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>SHA-256 of person and content in lower-case hexadecimal: it cannot be guessed, and another picture has another.</summary>
    public required string Key { get; set; }

    /// <summary>The media type that the content was checked to be.</summary>
    public required string ContentType { get; set; }

    /// <summary>The bytes.</summary>
    public required byte[] Content { get; set; }

    /// <summary>When it was set, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; set; }
}
