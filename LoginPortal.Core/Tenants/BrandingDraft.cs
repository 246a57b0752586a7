namespace LoginPortal.Core.Tenants;

/// <summary>The branding that a tenant's administrators are working on; nobody else sees it. A tenant has one, or none.</summary>
public sealed class BrandingDraft
{
    /// <summary>The tenant.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The look and the words, as far as they have got.</summary>
    public required Branding Document { get; set; }

    /// <summary>Rises with each save, so that of two administrators the second is told.</summary>
    public required int Version { get; set; }

    /// <summary>The revision that was live when the draft was begun; <see langword="null"/> for the portal's own look.</summary>
    public required Guid? BasedOnRevisionId { get; init; }

    /// <summary>When it was last saved, UTC.</summary>
    public required DateTimeOffset SavedAt { get; set; }

    /// <summary>Who saved it last; <see langword="null"/> once their account is erased.</summary>
    public required Guid? SavedBy { get; set; }
}
