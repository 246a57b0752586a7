using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>The security events of an administrator's tenant, the newest first.</summary>
public sealed class AuditTrail(AdministratorAccess access)
{
    /// <summary>The most events of a page.</summary>
    public const int MaximumPageSize = 500;

    /// <summary>How many a page has where nothing is said.</summary>
    public const int DefaultPageSize = 100;

    /// <summary>A page of events.</summary>
    /// <returns><see langword="null"/> if the cursor is none of ours.</returns>
    public Task<AdministrationResult<Page<SecurityEvent>?>> ListAsync(
        AdministratorSession session, AuditQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return access.RunAsync(
            session,
            AdministrationRight.Tenant,
            (administrator, cancellation) => ListAsync(administrator.Database, query, cancellation),
            cancellationToken);
    }

    /// <summary>Hands over every event that is wanted, one after the other as the database gives them. That it was done is an event, too.</summary>
    /// <param name="session">Who.</param>
    /// <param name="query">Which; cursor and page size are ignored.</param>
    /// <param name="write">Takes them; called only for somebody who may have them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<AdministrationResult<bool>> ExportAsync(
        AdministratorSession session,
        AuditQuery query,
        Func<IAsyncEnumerable<SecurityEvent>, CancellationToken, Task> write,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(write);
        return access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                administrator.Record(SecurityEventKind.AuditExported);
                await administrator.Database.SaveChangesAsync(cancellation);
                await write(Ordered(Wanted(administrator.Database, query)).AsAsyncEnumerable(), cancellation);
                return true;
            },
            cancellationToken);
    }

    private static async Task<Page<SecurityEvent>?> ListAsync(PortalDbContext database, AuditQuery query, CancellationToken cancellationToken)
    {
        var events = Wanted(database, query);
        if (query.Cursor is { } text)
        {
            if (PageCursor.Read<Cursor>(text) is not var (at, id))
            {
                return null;
            }

            at = at.ToUniversalTime();
            events = events.Where(e => e.OccurredAt <= at && (e.OccurredAt < at || e.Id.CompareTo(id) < 0));
        }

        var size = Math.Clamp(query.PageSize ?? DefaultPageSize, 1, MaximumPageSize);
        var found = await Ordered(events).Take(size + 1).ToListAsync(cancellationToken);
        return found.Count <= size
            ? new Page<SecurityEvent>(found, NextCursor: null)
            : new Page<SecurityEvent>(found[..size], PageCursor.Write(new Cursor(found[size - 1].OccurredAt, found[size - 1].Id)));
    }

    private static IOrderedQueryable<SecurityEvent> Ordered(IQueryable<SecurityEvent> events) =>
        events.OrderByDescending(e => e.OccurredAt).ThenByDescending(e => e.Id);

    private static IQueryable<SecurityEvent> Wanted(PortalDbContext database, AuditQuery query)
    {
        var events = database.SecurityEvents.AsNoTracking();
        events = query.Kind is { } kind ? events.Where(e => e.Kind == kind) : events;
        events = query.Outcome is { } outcome ? events.Where(e => e.Outcome == outcome) : events;
        events = query.SubjectId is { } subject ? events.Where(e => e.SubjectId == subject) : events;
        events = query.ActorId is { } actor ? events.Where(e => e.ActorId == actor) : events;
        events = query.From?.ToUniversalTime() is { } from ? events.Where(e => e.OccurredAt >= from) : events;
        return query.Until?.ToUniversalTime() is { } until ? events.Where(e => e.OccurredAt < until) : events;
    }

    private sealed record Cursor(DateTimeOffset At, Guid Id);
}

/// <summary>Which security events are wanted; what is <see langword="null"/> does not matter.</summary>
public sealed record AuditQuery
{
    /// <summary>What happened, one of <see cref="SecurityEventKind"/>.</summary>
    public string? Kind { get; init; }

    /// <summary>How it ended.</summary>
    public SecurityEventOutcome? Outcome { get; init; }

    /// <summary>Whose account, or what, it was done to.</summary>
    public Guid? SubjectId { get; init; }

    /// <summary>Who did it.</summary>
    public Guid? ActorId { get; init; }

    /// <summary>From when, UTC, that moment included.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Until when, UTC, that moment excluded.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>From the page before; <see langword="null"/> for the newest.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many at most, 1 to <see cref="AuditTrail.MaximumPageSize"/>. Default <see cref="AuditTrail.DefaultPageSize"/>.</summary>
    public int? PageSize { get; init; }
}
