using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>
/// Branding as administrators work on it: a draft that only they see, published as a revision for everybody, rolled back by publishing an earlier
/// one anew. Whoever saves or publishes says what they saw, so that of two at once the second is told and nothing is lost in silence.
/// </summary>
public sealed class BrandingStudio(AdministratorAccess access, TimeProvider time)
{
    /// <summary>How many revisions a page of the list has.</summary>
    public const int PageLength = 20;

    /// <summary>The draft, if there is one, and what is live.</summary>
    public Task<AdministrationResult<BrandingStanding>> ShowAsync(AdministratorSession session, CancellationToken cancellationToken) =>
        access.RunAsync(session, AdministrationRight.Tenant, StandingAsync, cancellationToken);

    /// <summary>Keeps the draft, or begins one. Saving is not audited, publishing is.</summary>
    /// <param name="session">Who does it.</param>
    /// <param name="document">The whole of it.</param>
    /// <param name="version">The version that it was made from; 0 where there was no draft.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public Task<AdministrationResult<BrandingChange>> SaveAsync(
        AdministratorSession session, Branding document, int version, CancellationToken cancellationToken) => access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                var problems = BrandingRules.Find(document, await AssetsAsync(administrator.Database, cancellation));
                if (problems.Any(problem => !problem.IsForDrafts))
                {
                    return new BrandingChange.Invalid(problems);
                }

                return await SaveAsync(administrator, document, version, cancellation)
                    ? new BrandingChange.Done(await StandingAsync(administrator, cancellation))
                    : await ConflictAsync(administrator, cancellation);
            },
            cancellationToken);

    /// <summary>Throws the draft away.</summary>
    /// <param name="session">Who does it.</param>
    /// <param name="version">The version that is to go.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public Task<AdministrationResult<BrandingChange>> DiscardAsync(AdministratorSession session, int version, CancellationToken cancellationToken) =>
        access.RunAsync<BrandingChange>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
                await administrator.Database.BrandingDrafts.Where(draft => draft.Version == version).ExecuteDeleteAsync(cancellation) == 1
                    ? new BrandingChange.Done(await StandingAsync(administrator, cancellation))
                    : await ConflictAsync(administrator, cancellation),
            cancellationToken);

    /// <summary>Makes the draft the look of every page that is loaded from now on.</summary>
    /// <param name="session">Who does it.</param>
    /// <param name="version">The version that is to be published.</param>
    /// <param name="liveRevisionId">The revision that is to be replaced, as the administrator saw it.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public Task<AdministrationResult<BrandingChange>> PublishAsync(
        AdministratorSession session, int version, Guid? liveRevisionId, CancellationToken cancellationToken) => access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                var database = administrator.Database;
                if (await database.BrandingDrafts.AsNoTracking().SingleOrDefaultAsync(d => d.Version == version, cancellation) is not { } draft)
                {
                    return await ConflictAsync(administrator, cancellation);
                }

                if (BrandingRules.Find(draft.Document, await AssetsAsync(database, cancellation)) is { Count: > 0 } problems)
                {
                    return new BrandingChange.Invalid(problems);
                }

                await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
                if (await database.BrandingDrafts.Where(d => d.Version == version).ExecuteDeleteAsync(cancellation) != 1
                    || !await GoLiveAsync(administrator, draft.Document, liveRevisionId, restoredFrom: null, cancellation))
                {
                    await transaction.RollbackAsync(cancellation);
                    return await ConflictAsync(administrator, cancellation);
                }

                await transaction.CommitAsync(cancellation);
                return new BrandingChange.Done(await StandingAsync(administrator, cancellation));
            },
            cancellationToken);

    /// <summary>Publishes an earlier revision anew. The draft stays as it is.</summary>
    /// <param name="session">Who does it.</param>
    /// <param name="revisionId">The earlier revision; <see langword="null"/> for the portal's own look.</param>
    /// <param name="liveRevisionId">The revision that is to be replaced, as the administrator saw it.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public Task<AdministrationResult<BrandingChange>> RestoreAsync(
        AdministratorSession session, Guid? revisionId, Guid? liveRevisionId, CancellationToken cancellationToken) => access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                if (await FindAsync(administrator, revisionId, cancellation) is not { } document)
                {
                    return new BrandingChange.NotFound();
                }

                if (BrandingRules.Find(document, await AssetsAsync(administrator.Database, cancellation)) is { Count: > 0 } problems)
                {
                    return new BrandingChange.Invalid(problems);
                }

                await using var transaction = await administrator.Database.Database.BeginTransactionAsync(cancellation);
                if (!await GoLiveAsync(administrator, document, liveRevisionId, revisionId ?? Guid.Empty, cancellation))
                {
                    await transaction.RollbackAsync(cancellation);
                    return await ConflictAsync(administrator, cancellation);
                }

                await transaction.CommitAsync(cancellation);
                return new BrandingChange.Done(await StandingAsync(administrator, cancellation));
            },
            cancellationToken);

    /// <summary>The revisions, the newest first, <see cref="PageLength"/> at a time.</summary>
    /// <param name="session">Who asks.</param>
    /// <param name="before">Only those with a smaller number; <see langword="null"/> from the newest.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<AdministrationResult<IReadOnlyList<BrandingRevisionSummary>>> ListRevisionsAsync(
        AdministratorSession session, int? before, CancellationToken cancellationToken) => access.RunAsync<IReadOnlyList<BrandingRevisionSummary>>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                var (database, tenantId) = (administrator.Database, administrator.Tenant.Id);
                var live = administrator.Tenant.BrandingVersion;
                var rows = await database.BrandingRevisions.AsNoTracking()
                    .Where(revision => revision.TenantId == tenantId && (before == null || revision.Number < before))
                    .OrderByDescending(revision => revision.Number)
                    .Take(PageLength)
                    .Select(revision => new
                    {
                        revision.Id,
                        revision.Number,
                        revision.PublishedAt,
                        Publisher = database.Users.Where(user => user.Id == revision.PublishedBy)
                            .Select(user => new { user.GivenName, user.FamilyName, user.Email }).FirstOrDefault(),
                    })
                    .ToListAsync(cancellation);
                return
                [
                    .. rows.Select(row => new BrandingRevisionSummary(
                        row.Id,
                        row.Number,
                        row.PublishedAt,
                        row.Publisher is { } publisher ? NameOf(publisher.GivenName, publisher.FamilyName, publisher.Email) : null,
                        row.Id == live)),
                ];
            },
            cancellationToken);

    /// <summary>A revision's document.</summary>
    /// <returns>In the answer <see langword="null"/> where there is no such revision of the tenant.</returns>
    public Task<AdministrationResult<Branding?>> FindRevisionAsync(AdministratorSession session, Guid revisionId, CancellationToken cancellationToken) =>
        access.RunAsync(
            session,
            AdministrationRight.Tenant,
            (administrator, cancellation) => FindAsync(administrator, revisionId, cancellation),
            cancellationToken);

    /// <summary>What differs between two revisions; <see langword="null"/> stands for the portal's own look.</summary>
    /// <returns>In the answer <see langword="null"/> where one of them is no revision of the tenant.</returns>
    public Task<AdministrationResult<IReadOnlyList<AuditDifference>?>> CompareAsync(
        AdministratorSession session, Guid? from, Guid? to, CancellationToken cancellationToken) => access.RunAsync<IReadOnlyList<AuditDifference>?>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
                await FindAsync(administrator, from, cancellation) is { } before && await FindAsync(administrator, to, cancellation) is { } after
                    ? AuditDifference.Between(before, after)
                    : null,
            cancellationToken);

    /// <summary>The tenant's pictures and fonts: media types by key.</summary>
    internal static async Task<IReadOnlyDictionary<string, string>> AssetsAsync(PortalDbContext database, CancellationToken cancellationToken) =>
        await database.BrandAssets.AsNoTracking().ToDictionaryAsync(asset => asset.Key, asset => asset.ContentType, cancellationToken);

    private static string NameOf(string? givenName, string? familyName, string? email) =>
        $"{givenName} {familyName}".Trim() is { Length: > 0 } name ? name : email ?? "";

    private static async Task<Branding?> FindAsync(Administrator administrator, Guid? revisionId, CancellationToken cancellationToken) => revisionId is null
        ? Branding.Default
        : await administrator.Database.BrandingRevisions.AsNoTracking()
            .Where(revision => revision.Id == revisionId && revision.TenantId == administrator.Tenant.Id)
            .Select(revision => revision.Document)
            .SingleOrDefaultAsync(cancellationToken);

    private static async Task<BrandingChange> ConflictAsync(Administrator administrator, CancellationToken cancellationToken) =>
        new BrandingChange.Conflict(await StandingAsync(administrator, cancellationToken));

    /// <summary>Asks the database anew: the tenant as this scope knows it may be older than what has just been done.</summary>
    private static async Task<BrandingStanding> StandingAsync(Administrator administrator, CancellationToken cancellationToken)
    {
        var (database, tenantId) = (administrator.Database, administrator.Tenant.Id);
        var live = await database.Tenants.AsNoTracking()
            .Where(tenant => tenant.Id == tenantId)
            .Select(tenant => tenant.BrandingRevision)
            .SingleAsync(cancellationToken);
        var draft = await database.BrandingDrafts.AsNoTracking().SingleOrDefaultAsync(cancellationToken);
        var saver = draft is null
            ? null
            : await database.Users.AsNoTracking().Where(user => user.Id == draft.SavedBy)
                .Select(user => new { user.GivenName, user.FamilyName, user.Email })
                .SingleOrDefaultAsync(cancellationToken);
        var document = draft?.Document ?? live?.Document ?? Branding.Default;
        return new BrandingStanding(document, draft?.Version ?? 0, live?.Id, live?.Number ?? 0, live?.Document ?? Branding.Default)
        {
            SavedAt = draft?.SavedAt,
            SavedBy = saver is null ? null : NameOf(saver.GivenName, saver.FamilyName, saver.Email),
            IsOvertaken = draft is not null && draft.BasedOnRevisionId != live?.Id,
            Problems = BrandingRules.Find(document, await AssetsAsync(database, cancellationToken)),
        };
    }

    private async Task<bool> SaveAsync(Administrator administrator, Branding document, int version, CancellationToken cancellationToken)
    {
        var (database, now, by) = (administrator.Database, time.GetUtcNow(), (Guid?)administrator.User.Id);
        if (version > 0)
        {
            return await database.BrandingDrafts.Where(draft => draft.Version == version).ExecuteUpdateAsync(
                update => update
                    .SetProperty(draft => draft.Document, document)
                    .SetProperty(draft => draft.Version, version + 1)
                    .SetProperty(draft => draft.SavedAt, now)
                    .SetProperty(draft => draft.SavedBy, by),
                cancellationToken) == 1;
        }

        if (await database.BrandingDrafts.AnyAsync(cancellationToken))
        {
            return false;
        }

        database.BrandingDrafts.Add(new BrandingDraft
        {
            TenantId = administrator.Tenant.Id,
            Document = document,
            Version = 1,
            BasedOnRevisionId = await database.Tenants.Where(tenant => tenant.Id == administrator.Tenant.Id)
                .Select(tenant => tenant.BrandingRevisionId)
                .SingleAsync(cancellationToken),
            SavedAt = now,
            SavedBy = by,
        });
        try
        {
            await database.SaveChangesAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (DatabaseErrors.IsUniqueViolation(exception))
        {
            // Another administrator has begun one in the same moment.
            database.ChangeTracker.Clear();
            return false;
        }
    }

    /// <summary>A revision of its own, and the tenant's pages look like it, if nobody else has changed that meanwhile.</summary>
    private async Task<bool> GoLiveAsync(
        Administrator administrator, Branding document, Guid? liveRevisionId, Guid? restoredFrom, CancellationToken cancellationToken)
    {
        var (database, tenantId, now) = (administrator.Database, administrator.Tenant.Id, time.GetUtcNow());
        var before = await FindAsync(administrator, liveRevisionId, cancellationToken);
        var revision = new BrandingRevision
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenantId,
            Number = (await database.BrandingRevisions.Where(r => r.TenantId == tenantId).MaxAsync(r => (int?)r.Number, cancellationToken) ?? 0) + 1,
            Document = document,
            PublishedAt = now,
            PublishedBy = administrator.User.Id,
        };
        database.BrandingRevisions.Add(revision);

        // From now on for good, and for everybody; one that has been cleaned away in this very moment is noticed here.
        var keys = document.Assets.Select(asset => asset.Key).Distinct(StringComparer.Ordinal).ToList();
        if (await database.BrandAssets.Where(asset => keys.Contains(asset.Key))
            .ExecuteUpdateAsync(update => update.SetProperty(asset => asset.DraftUntil, (DateTimeOffset?)null), cancellationToken) != keys.Count)
        {
            return false;
        }

        administrator.Record(
            restoredFrom is null ? SecurityEventKind.BrandingPublished : SecurityEventKind.BrandingRestored,
            subjectId: revision.Id,
            differences: AuditDifference.Between(before, document));
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (DatabaseErrors.IsUniqueViolation(exception))
        {
            database.ChangeTracker.Clear();
            return false;
        }

        return await database.Tenants.Where(tenant => tenant.Id == tenantId && tenant.BrandingRevisionId == liveRevisionId)
            .ExecuteUpdateAsync(update => update.SetProperty(tenant => tenant.BrandingRevisionId, revision.Id), cancellationToken) == 1;
    }
}
