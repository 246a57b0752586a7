using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Administration;

/// <summary>Where a tenant's branding stands.</summary>
/// <param name="Document">The draft, or what is live where there is none.</param>
/// <param name="Version">The draft's version; 0 where there is none.</param>
/// <param name="LiveRevisionId">The revision that is live; <see langword="null"/> for the portal's own look.</param>
/// <param name="LiveNumber">Its number; 0 for the portal's own look.</param>
/// <param name="Live">What is live.</param>
public sealed record BrandingStanding(Branding Document, int Version, Guid? LiveRevisionId, int LiveNumber, Branding Live)
{
    /// <summary>When the draft was last saved, UTC.</summary>
    public DateTimeOffset? SavedAt { get; init; }

    /// <summary>By whom, the name to show; <see langword="null"/> once their account is gone.</summary>
    public string? SavedBy { get; init; }

    /// <summary>Whether somebody has published since the draft was begun: publishing it would take that back.</summary>
    public bool IsOvertaken { get; init; }

    /// <summary>What must be mended before the document can be published.</summary>
    public required IReadOnlyList<BrandingProblem> Problems { get; init; }
}

/// <summary>What became of a wish to change branding. A closed family.</summary>
public abstract record BrandingChange
{
    private BrandingChange()
    {
    }

    /// <summary>Done.</summary>
    /// <param name="Standing">How things stand now.</param>
    public sealed record Done(BrandingStanding Standing) : BrandingChange;

    /// <summary>Somebody else was faster; nothing was changed.</summary>
    /// <param name="Standing">How things stand now.</param>
    public sealed record Conflict(BrandingStanding Standing) : BrandingChange;

    /// <summary>Something is wrong with it; nothing was changed.</summary>
    /// <param name="Problems">What.</param>
    public sealed record Invalid(IReadOnlyList<BrandingProblem> Problems) : BrandingChange;

    /// <summary>The tenant has no such revision.</summary>
    public sealed record NotFound : BrandingChange;
}

/// <summary>A published state of branding.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Number">1 for the tenant's first, then rising.</param>
/// <param name="PublishedAt">When, UTC.</param>
/// <param name="PublishedBy">By whom, the name to show; <see langword="null"/> for the portal itself, or once their account is gone.</param>
/// <param name="IsLive">Whether the pages look like it now.</param>
public sealed record BrandingRevisionSummary(Guid Id, int Number, DateTimeOffset PublishedAt, string? PublishedBy, bool IsLive);
