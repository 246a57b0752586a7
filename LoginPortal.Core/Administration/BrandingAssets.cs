using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tenants.Assets;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>
/// A tenant's pictures and fonts on their way into its branding. What is uploaded is seen by administrators alone until it is published, and goes
/// again where neither draft nor revision has it.
/// </summary>
public sealed class BrandingAssets(AdministratorAccess access, TimeProvider time)
{
    /// <summary>How long an upload is kept that nothing refers to.</summary>
    public static readonly TimeSpan Unused = TimeSpan.FromHours(24);

    /// <summary>How many files a tenant may have that no revision uses.</summary>
    public const int MaximumUnused = 100;

    /// <summary>Stores a picture or font, so that a draft can refer to it.</summary>
    /// <param name="session">Who does it.</param>
    /// <param name="content">The file.</param>
    /// <param name="use">What it is to be.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public Task<AdministrationResult<AssetResult>> UploadAsync(
        AdministratorSession session, ReadOnlyMemory<byte> content, AssetUse use, CancellationToken cancellationToken) => access.RunAsync<AssetResult>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                if (AssetReader.Read(content.Span, use, out var problem) is not { } file)
                {
                    return new AssetResult.Refused(problem!);
                }

                return await StoreAsync(administrator, file, content, time.GetUtcNow(), cancellation)
                    ? new AssetResult.Stored(file)
                    : new AssetResult.Refused(new AssetProblem(AssetProblemKind.TooMany));
            },
            cancellationToken);

    /// <summary>A picture or font of the administrator's tenant, published or not.</summary>
    /// <returns>In the answer <see langword="null"/> where the tenant has none with this key.</returns>
    public Task<AdministrationResult<BrandAsset?>> FindAsync(AdministratorSession session, string key, CancellationToken cancellationToken) => access.RunAsync(
        session,
        AdministrationRight.Tenant,
        (administrator, cancellation) => administrator.Database.BrandAssets.AsNoTracking().SingleOrDefaultAsync(asset => asset.Key == key, cancellation),
        cancellationToken);

    /// <summary>Keeps a file that has been checked; one that is there already is kept anew.</summary>
    internal static async Task<bool> StoreAsync(
        Administrator administrator, AssetFile file, ReadOnlyMemory<byte> content, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (database, tenantId, until) = (administrator.Database, administrator.Tenant.Id, now + Unused);
        if (await KeepAsync(database, file.Key, until, cancellationToken))
        {
            return true;
        }

        if (await database.BrandAssets.CountAsync(asset => asset.DraftUntil != null, cancellationToken) >= MaximumUnused)
        {
            return false;
        }

        database.BrandAssets.Add(new BrandAsset
        {
            TenantId = tenantId, Key = file.Key, ContentType = file.ContentType, Content = content.ToArray(), CreatedAt = now, DraftUntil = until,
        });
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // The same file, twice at once.
            database.ChangeTracker.Clear();
        }

        return true;
    }

    /// <summary>Deletes what neither a revision nor the draft of its tenant has, a day after it was uploaded.</summary>
    internal static async Task DeleteUnusedAsync(PortalDbContext database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var due = await database.BrandAssets.IgnoreQueryFilters().AsNoTracking()
            .Where(asset => asset.DraftUntil <= now)
            .Select(asset => new { asset.TenantId, asset.Key })
            .ToListAsync(cancellationToken);
        foreach (var assets in due.GroupBy(asset => asset.TenantId))
        {
            var draft = await database.BrandingDrafts.IgnoreQueryFilters().AsNoTracking()
                .Where(candidate => candidate.TenantId == assets.Key)
                .Select(candidate => candidate.Document)
                .SingleOrDefaultAsync(cancellationToken);
            var unused = assets.Select(asset => asset.Key).Except((draft?.Assets ?? []).Select(asset => asset.Key), StringComparer.Ordinal).ToList();
            await database.BrandAssets.IgnoreQueryFilters()
                .Where(asset => asset.TenantId == assets.Key && unused.Contains(asset.Key) && asset.DraftUntil <= now)
                .ExecuteDeleteAsync(cancellationToken);
        }
    }

    private static async Task<bool> KeepAsync(PortalDbContext database, string key, DateTimeOffset until, CancellationToken cancellationToken) =>
        await database.BrandAssets.Where(asset => asset.Key == key && asset.DraftUntil != null)
            .ExecuteUpdateAsync(update => update.SetProperty(asset => asset.DraftUntil, until), cancellationToken) == 1
        || await database.BrandAssets.AnyAsync(asset => asset.Key == key, cancellationToken);
}

/// <summary>What became of an upload. A closed family.</summary>
public abstract record AssetResult
{
    private AssetResult()
    {
    }

    /// <summary>It is stored, for a draft to refer to.</summary>
    /// <param name="File">What it is.</param>
    public sealed record Stored(AssetFile File) : AssetResult;

    /// <summary>It is not; nothing was changed.</summary>
    /// <param name="Problem">Why.</param>
    public sealed record Refused(AssetProblem Problem) : AssetResult;
}
