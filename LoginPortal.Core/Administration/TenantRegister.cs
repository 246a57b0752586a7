using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>
/// The tenants, for operators of the platform alone. What they do is audited with the platform and with the tenant. The platform's own tenant is
/// neither suspended nor deleted: whoever could undo it is in there.
/// </summary>
public sealed class TenantRegister(AdministratorAccess access, Invitations invitations, TimeProvider time)
{
    /// <summary>How long a tenant is kept, out of service, before everything of it is deleted.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    /// <summary>The most tenants of a page.</summary>
    public const int MaximumPageSize = 200;

    /// <summary>How many a page has where nothing is said.</summary>
    public const int DefaultPageSize = 50;

    /// <summary>A page of tenants, in the order of their names in addresses.</summary>
    /// <param name="session">Who.</param>
    /// <param name="prefix">Only those whose name in addresses begins so; <see langword="null"/> for all.</param>
    /// <param name="cursor">From the page before; <see langword="null"/> for the first.</param>
    /// <param name="pageSize">How many at most.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="null"/> if the cursor is none of ours.</returns>
    public Task<AdministrationResult<Page<TenantSummary>?>> ListAsync(
        AdministratorSession session, string? prefix, string? cursor, int? pageSize, CancellationToken cancellationToken) => access.RunAsync(
            session,
            AdministrationRight.Platform,
            (operators, cancellation) => ListAsync(operators.Database, prefix?.Trim().ToLowerInvariant() ?? "", cursor, pageSize, cancellation),
            cancellationToken);

    /// <summary>One tenant.</summary>
    /// <returns><see langword="null"/> if there is none.</returns>
    public Task<AdministrationResult<TenantSummary?>> FindAsync(AdministratorSession session, Guid tenantId, CancellationToken cancellationToken) =>
        access.RunAsync(
            session, AdministrationRight.Platform, (operators, cancellation) => FindAsync(operators.Database, tenantId, cancellation), cancellationToken);

    /// <summary>Makes a tenant and invites its first administrator.</summary>
    /// <param name="session">Who.</param>
    /// <param name="slug">The name in its address; see <see cref="TenantSlug"/>.</param>
    /// <param name="displayName">What people call it.</param>
    /// <param name="administratorAddress">Who is invited to administer it; <see langword="null"/> for nobody yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<AdministrationResult<TenantResult>> CreateAsync(
        AdministratorSession session, string? slug, string? displayName, string? administratorAddress, CancellationToken cancellationToken) =>
        access.RunAsync<TenantResult>(
            session,
            AdministrationRight.Platform,
            async (operators, cancellation) =>
            {
                var name = displayName?.Trim() ?? "";
                if (ProblemsOf(slug, name, administratorAddress) is { Count: > 0 } problems)
                {
                    return new TenantResult.Refused(problems);
                }

                if (await operators.Database.Tenants.AnyAsync(t => t.Slug == slug, cancellation))
                {
                    return new TenantResult.SlugTaken();
                }

                var now = time.GetUtcNow();
                var tenant = new Tenant { Id = Guid.CreateVersion7(now), Slug = slug!, DisplayName = name, CreatedAt = now };
                operators.Database.Tenants.Add(tenant);
                Record(operators, SecurityEventKind.TenantCreated, tenant.Id);
                try
                {
                    await operators.Database.SaveChangesAsync(cancellation);
                }
                catch (DbUpdateException exception) when (exception.IsUniqueViolation())
                {
                    // Another operator was faster.
                    return new TenantResult.SlugTaken();
                }

                if (administratorAddress is not null)
                {
                    await invitations.InviteAsync(
                        tenant.Id, operators.User.Id, administratorAddress, PortalRole.TenantAdministrator, operators.Facts, cancellation);
                }

                return new TenantResult.Done(SummaryOf(tenant));
            },
            cancellationToken);

    /// <summary>
    /// Takes a tenant out of service: every session and token of it ends, and every address of it answers as if it did not exist. Its applications are
    /// told that the sessions have ended.
    /// </summary>
    public Task<AdministrationResult<TenantResult>> SuspendAsync(AdministratorSession session, Guid tenantId, CancellationToken cancellationToken) =>
        ChangeAsync(
            session,
            tenantId,
            async (operators, tenant, cancellation) =>
            {
                if (tenant.Status != TenantStatus.Suspended)
                {
                    await CloseAsync(operators, tenant, cancellation);
                    Record(operators, SecurityEventKind.TenantSuspended, tenantId);
                }
            },
            cancellationToken);

    /// <summary>Puts a tenant back into service; one that was to be deleted is kept.</summary>
    public Task<AdministrationResult<TenantResult>> ResumeAsync(AdministratorSession session, Guid tenantId, CancellationToken cancellationToken) =>
        ChangeAsync(
            session,
            tenantId,
            (operators, tenant, _) =>
            {
                if (tenant.Status != TenantStatus.Active || tenant.DeletionDueAt is not null)
                {
                    (tenant.Status, tenant.DeletionDueAt) = (TenantStatus.Active, null);
                    Record(operators, SecurityEventKind.TenantResumed, tenantId);
                }

                return Task.CompletedTask;
            },
            cancellationToken);

    /// <summary>Takes a tenant out of service and has it deleted after <see cref="Grace"/>; until then it can be put back.</summary>
    public Task<AdministrationResult<TenantResult>> DeleteAsync(AdministratorSession session, Guid tenantId, CancellationToken cancellationToken) =>
        ChangeAsync(
            session,
            tenantId,
            async (operators, tenant, cancellation) =>
            {
                if (tenant.DeletionDueAt is null)
                {
                    await CloseAsync(operators, tenant, cancellation);
                    tenant.DeletionDueAt = time.GetUtcNow() + Grace;
                    Record(operators, SecurityEventKind.TenantDeletionRequested, tenantId);
                }
            },
            cancellationToken);

    /// <summary>What cannot be so of a tenant to be made.</summary>
    internal static IReadOnlyList<TenantField> ProblemsOf(string? slug, string name, string? administratorAddress) =>
    [
        .. TenantSlug.IsValid(slug) ? Array.Empty<TenantField>() : [TenantField.Slug],
        .. TenantSettingsRules.IsText(name, TenantDocument.MaximumNameLength) ? Array.Empty<TenantField>() : [TenantField.DisplayName],
        .. administratorAddress is null || EmailAddress.IsWellFormed(administratorAddress.Trim()) ? Array.Empty<TenantField>() : [TenantField.Administrator],
    ];

    internal static TenantSummary SummaryOf(Tenant tenant) =>
        new(tenant.Id, tenant.Slug, tenant.DisplayName, tenant.Status, tenant.CreatedAt, tenant.DeletionDueAt);

    private Task<AdministrationResult<TenantResult>> ChangeAsync(
        AdministratorSession session,
        Guid tenantId,
        Func<Administrator, Tenant, CancellationToken, Task> change,
        CancellationToken cancellationToken) => access.RunAsync<TenantResult>(
            session,
            AdministrationRight.Platform,
            async (operators, cancellation) =>
            {
                var database = operators.Database;
                await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
                await LastAdministrator.LockAsync(database, tenantId, cancellation);
                if (await database.Tenants.SingleOrDefaultAsync(t => t.Id == tenantId, cancellation) is not { } tenant)
                {
                    return new TenantResult.NotFound();
                }

                if (tenantId == operators.Tenant.Id)
                {
                    return new TenantResult.PlatformItself();
                }

                await change(operators, tenant, cancellation);
                await database.SaveChangesAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                return new TenantResult.Done(SummaryOf(tenant));
            },
            cancellationToken);

    private async Task CloseAsync(Administrator operators, Tenant tenant, CancellationToken cancellationToken)
    {
        tenant.Status = TenantStatus.Suspended;
        var (tenantId, now) = (tenant.Id, time.GetUtcNow());
        await operators.Database.Sessions.IgnoreQueryFilters()
            .Where(session => session.TenantId == tenantId && session.EndedAt == null)
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(session => session.EndedAt, now)
                    .SetProperty(session => session.EndReason, SessionEndReason.TenantSuspended)
                    .SetProperty(session => session.TokenHash, (string?)null),
                cancellationToken);
        await SessionGrants.NoteEndOfTenantAsync(operators.Database, tenantId, now, cancellationToken);
    }

    /// <summary>With the platform, and with the tenant, whose own administrators see it there.</summary>
    private static void Record(Administrator operators, string kind, Guid tenantId)
    {
        operators.Record(kind, tenantId);
        operators.Get<SecurityEventWriter>().Record(
            operators.Database, tenantId, kind, SecurityEventOutcome.Success, operators.Facts, subjectId: tenantId, actorId: operators.User.Id);
    }

    // Names in addresses are ASCII in both databases' order, up to hyphens and digits; only that the order is always the same matters here.
#pragma warning disable CA1309, CA1310, CA1307, MA0001, MA0006, MA0074
    private static async Task<Page<TenantSummary>?> ListAsync(
        PortalDbContext database, string prefix, string? cursor, int? pageSize, CancellationToken cancellationToken)
    {
        var tenants = database.Tenants.AsNoTracking();
        if (prefix.Length > 0)
        {
            var end = PageCursor.EndOf(prefix);
            tenants = tenants.Where(t => t.Slug.CompareTo(prefix) >= 0 && t.Slug.CompareTo(end) < 0);
        }

        if (cursor is not null)
        {
            if (PageCursor.Read<Cursor>(cursor) is not var (after))
            {
                return null;
            }

            tenants = tenants.Where(t => t.Slug.CompareTo(after) > 0);
        }

        var size = Math.Clamp(pageSize ?? DefaultPageSize, 1, MaximumPageSize);
        var found = await tenants.OrderBy(t => t.Slug)
            .Take(size + 1)
            .Select(t => new TenantSummary(t.Id, t.Slug, t.DisplayName, t.Status, t.CreatedAt, t.DeletionDueAt))
            .ToListAsync(cancellationToken);
        return found.Count <= size
            ? new Page<TenantSummary>(found, NextCursor: null)
            : new Page<TenantSummary>(found[..size], PageCursor.Write(new Cursor(found[size - 1].Slug)));
    }
#pragma warning restore CA1309, CA1310, CA1307, MA0001, MA0006, MA0074

    private static Task<TenantSummary?> FindAsync(PortalDbContext database, Guid tenantId, CancellationToken cancellationToken) => database.Tenants
        .AsNoTracking()
        .Where(t => t.Id == tenantId)
        .Select(t => new TenantSummary(t.Id, t.Slug, t.DisplayName, t.Status, t.CreatedAt, t.DeletionDueAt))
        .SingleOrDefaultAsync(cancellationToken);

    private sealed record Cursor(string Slug);
}

/// <summary>A tenant, as an operator sees it.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Slug">The name in its address.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="Status">Whether it is served.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
/// <param name="DeletionDueAt">From when everything of it is deleted, UTC; <see langword="null"/> if it is not to be.</param>
public sealed record TenantSummary(
    Guid Id, string Slug, string DisplayName, TenantStatus Status, DateTimeOffset CreatedAt, DateTimeOffset? DeletionDueAt);

/// <summary>What an operator gives for a new tenant.</summary>
public enum TenantField
{
    /// <summary>The name in its address.</summary>
    Slug = 0,

    /// <summary>What people call it.</summary>
    DisplayName = 1,

    /// <summary>The address of its first administrator.</summary>
    Administrator = 2,
}

/// <summary>What became of something that an operator does to a tenant. A closed family.</summary>
public abstract record TenantResult
{
    private TenantResult()
    {
    }

    /// <summary>It is done.</summary>
    /// <param name="Tenant">How it stands now.</param>
    public sealed record Done(TenantSummary Tenant) : TenantResult;

    /// <summary>There is no such tenant.</summary>
    public sealed record NotFound : TenantResult;

    /// <summary>It is the platform's own tenant.</summary>
    public sealed record PlatformItself : TenantResult;

    /// <summary>Another tenant has this name in its address.</summary>
    public sealed record SlugTaken : TenantResult;

    /// <summary>Something that was given cannot be so.</summary>
    /// <param name="Fields">What.</param>
    public sealed record Refused(IReadOnlyList<TenantField> Fields) : TenantResult;
}
