using LoginPortal.Core.Audit;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Data;

/// <summary>How often something happened on a day.</summary>
/// <param name="Day">The day, of UTC, in days since 1970.</param>
/// <param name="Kind">One of <see cref="SecurityEventKind"/>.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="Reason">The event's stable code, where it has one.</param>
/// <param name="Count">How often.</param>
internal sealed record EventCount(int Day, string Kind, SecurityEventOutcome Outcome, string? Reason, int Count);

/// <summary>Counts events by day, which each engine says in its own way, because each keeps instants in its own.</summary>
internal static class EventCounts
{
    /// <summary>The counts of a tenant's events of some kinds since an instant. All that is read is in the index.</summary>
    public static async Task<List<EventCount>> CountEventsByDayAsync(
        this PortalDbContext database, Guid tenantId, IReadOnlyList<string> kinds, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var counts = new List<EventCount>();
        foreach (var kind in kinds)
        {
            counts.AddRange(database is SqlitePortalDbContext
                ? await CountInSqliteAsync(database, tenantId, kind, since, cancellationToken)
                : await CountInPostgreSqlAsync(database, tenantId, kind, since, cancellationToken));
        }

        return counts;
    }

    private static Task<List<EventCount>> CountInSqliteAsync(
        PortalDbContext database, Guid tenantId, string kind, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var (tenant, instant) = (tenantId.ToString().ToUpperInvariant(), since.ToUnixTimeMilliseconds());
        return database.Database.SqlQuery<EventCount>(
            $"""
            SELECT "OccurredAt" / 86400000 AS "Day", "Kind", "Outcome", "Reason", COUNT(*) AS "Count" FROM "SecurityEvents"
            WHERE "TenantId" = {tenant} AND "Kind" = {kind} AND "OccurredAt" >= {instant}
            GROUP BY 1, 2, 3, 4
            """).ToListAsync(cancellationToken);
    }

    private static Task<List<EventCount>> CountInPostgreSqlAsync(
        PortalDbContext database, Guid tenantId, string kind, DateTimeOffset since, CancellationToken cancellationToken) =>
        database.Database.SqlQuery<EventCount>(
            $"""
            SELECT CAST(floor(extract(epoch FROM "OccurredAt") / 86400) AS integer) AS "Day", "Kind", "Outcome", "Reason", CAST(COUNT(*) AS integer) AS "Count"
            FROM "SecurityEvents"
            WHERE "TenantId" = {tenantId} AND "Kind" = {kind} AND "OccurredAt" >= {since}
            GROUP BY 1, 2, 3, 4
            """).ToListAsync(cancellationToken);
}
