namespace LoginPortal.Core.Tenants;

/// <summary>An organisation whose people sign in here. Everything that belongs to a person belongs to exactly one tenant.</summary>
public sealed class Tenant
{
    /// <summary>Version-7 identifier; never reused.</summary>
    public required Guid Id { get; init; }

    /// <summary>The name in the address, <c>/t/{slug}</c>; see <see cref="TenantSlug"/> for its form.</summary>
    public required string Slug { get; set; }

    /// <summary>What people call the organisation; shown on every page.</summary>
    public required string DisplayName { get; set; }

    /// <summary>Whether the tenant is served at all. Default <see cref="TenantStatus.Active"/>.</summary>
    public TenantStatus Status { get; set; }

    /// <summary>The rules of this tenant.</summary>
    public TenantPolicy Policy { get; set; } = new();

    /// <summary>The revision of the branding that is live; <see langword="null"/> means the portal's own look.</summary>
    public Guid? BrandingRevisionId { get; set; }

    /// <summary>The live revision itself.</summary>
    public BrandingRevision? BrandingRevision { get; set; }

    /// <summary>The tenant's own hosts.</summary>
    public ICollection<TenantDomain> Domains { get; } = [];

    /// <summary>From when everything of the tenant is deleted, UTC; <see langword="null"/> if it is not to be.</summary>
    public DateTimeOffset? DeletionDueAt { get; set; }

    /// <summary>When the tenant was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }
}

/// <summary>Whether a tenant is served.</summary>
public enum TenantStatus
{
    /// <summary>Served.</summary>
    Active = 0,

    /// <summary>Kept but not served: every address of it answers as if the tenant did not exist.</summary>
    Suspended = 1,
}
