using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>The security events of an administrator's tenant, the newest first.</summary>
public sealed class AuditTrail(AdministratorAccess access, IpPlaces places)
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

    /// <summary>A page of events as people read them: with addresses in place of identifiers, and on the administrator's clock.</summary>
    /// <param name="session">Who asks.</param>
    /// <param name="query">Which.</param>
    /// <param name="person">The address of somebody to whom it was done, or who did it; <see langword="null"/> for everybody. It narrows the query.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<AdministrationResult<AuditView>> ShowAsync(
        AdministratorSession session, AuditQuery query, AuditPerson? person, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                if (await NarrowAsync(administrator.Database, query, person, cancellation) is not { } narrowed)
                {
                    return new AuditView([], NextCursor: null) { IsPersonUnknown = true };
                }

                return await ListAsync(administrator.Database, narrowed, cancellation) is { } page
                    ? new AuditView(await ViewAsync(administrator, page.Items, places, cancellation), page.NextCursor)
                    : new AuditView([], NextCursor: null) { IsCursorUnknown = true };
            },
            cancellationToken);
    }

    /// <summary>Hands over every event that is wanted, one after the other as the database gives them. That it was done is an event, too.</summary>
    /// <param name="session">Who.</param>
    /// <param name="query">Which; cursor and page size are ignored.</param>
    /// <param name="write">Takes them; called only for somebody who may have them.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="person">As with <see cref="ShowAsync"/>; nothing is handed over if nobody has the address. Default everybody.</param>
    public Task<AdministrationResult<bool>> ExportAsync(
        AdministratorSession session,
        AuditQuery query,
        Func<IAsyncEnumerable<SecurityEvent>, CancellationToken, Task> write,
        CancellationToken cancellationToken,
        AuditPerson? person = null)
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
                var narrowed = await NarrowAsync(administrator.Database, query, person, cancellation);
                var events = narrowed is null ? administrator.Database.SecurityEvents.Where(e => false) : Wanted(administrator.Database, narrowed);
                await write(Ordered(events).AsAsyncEnumerable(), cancellation);
                return true;
            },
            cancellationToken);
    }

    /// <summary>Events with the addresses of the people in them, where there still are accounts, on the administrator's clock.</summary>
    internal static async Task<IReadOnlyList<AuditEventView>> ViewAsync(
        Administrator administrator, IReadOnlyList<SecurityEvent> events, IpPlaces places, CancellationToken cancellationToken)
    {
        var ids = events.SelectMany(e => new[] { e.SubjectId, e.ActorId }).OfType<Guid>().Distinct().ToList();
        var addresses = await administrator.Database.Users.AsNoTracking()
            .Where(user => ids.Contains(user.Id))
            .ToDictionaryAsync(user => user.Id, user => user.Email ?? "", cancellationToken);
        return
        [
            .. events.Select(e => new AuditEventView(
                e,
                TimeZones.In(administrator.User.TimeZone, e.OccurredAt),
                AddressOf(e.SubjectId),
                AddressOf(e.ActorId),
                places.Find(e.IpAddress))),
        ];

        string? AddressOf(Guid? id) => id is { } known ? addresses.GetValueOrDefault(known) : null;
    }

    /// <summary>The query with the person's identifier in it; <see langword="null"/> if nobody has the address.</summary>
    private static async Task<AuditQuery?> NarrowAsync(
        PortalDbContext database, AuditQuery query, AuditPerson? person, CancellationToken cancellationToken)
    {
        if (person is null)
        {
            return query;
        }

        var name = EmailAddress.Normalize(person.Address.Trim());
        return await database.Users.Where(user => user.NormalizedUserName == name).Select(user => (Guid?)user.Id).SingleOrDefaultAsync(cancellationToken) is { } id
            ? person.IsActor ? query with { ActorId = id } : query with { SubjectId = id }
            : null;
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
        events = query.IpAddress is { } address ? events.Where(e => e.IpAddress == address) : events;
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

    /// <summary>The network address it came from, whole and as it is stored.</summary>
    public string? IpAddress { get; init; }

    /// <summary>From when, UTC, that moment included.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Until when, UTC, that moment excluded.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>From the page before; <see langword="null"/> for the newest.</summary>
    public string? Cursor { get; init; }

    /// <summary>How many at most, 1 to <see cref="AuditTrail.MaximumPageSize"/>. Default <see cref="AuditTrail.DefaultPageSize"/>.</summary>
    public int? PageSize { get; init; }
}

/// <summary>Somebody whose events are wanted.</summary>
/// <param name="Address">Their address.</param>
/// <param name="IsActor">Whether what they did is wanted, in place of what was done to their account.</param>
public sealed record AuditPerson(string Address, bool IsActor);

/// <summary>A page of events as people read them.</summary>
/// <param name="Events">The events, the newest first.</param>
/// <param name="NextCursor">What to ask for the next page with; <see langword="null"/> after the last.</param>
public sealed record AuditView(IReadOnlyList<AuditEventView> Events, string? NextCursor)
{
    /// <summary>Whether nobody has the address that was asked for.</summary>
    public bool IsPersonUnknown { get; init; }

    /// <summary>Whether the cursor is none of ours.</summary>
    public bool IsCursorUnknown { get; init; }
}

/// <summary>An event as people read it.</summary>
/// <param name="Event">The event.</param>
/// <param name="OccurredAt">When, in the administrator's time zone.</param>
/// <param name="Subject">Whose account it was done to; <see langword="null"/> where it was none, or is no more.</param>
/// <param name="Actor">Who did it, likewise.</param>
/// <param name="Place">Where the network address is, if a file of places is configured and knows it.</param>
public sealed record AuditEventView(SecurityEvent Event, DateTimeOffset OccurredAt, string? Subject, string? Actor, string? Place);
