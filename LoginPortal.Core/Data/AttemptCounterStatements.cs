using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Data;

/// <summary>The one statement that EF Core cannot write: an insert that yields to a row that is already there.</summary>
internal static class AttemptCounterStatements
{
    /// <summary>Inserts a counter of one guess unless there is a counter. The syntax is the same in SQLite and PostgreSQL.</summary>
    /// <returns>Whether it was inserted.</returns>
    public static async Task<bool> TryInsertAttemptCounterAsync(
        this PortalDbContext database,
        Guid tenantId,
        string factor,
        string subject,
        DateTimeOffset now,
        CancellationToken cancellationToken)
    {
        // SQLite keeps identifiers as upper-case text and instants as milliseconds, see SqlitePortalDbContext.
        object tenant = database is SqlitePortalDbContext ? tenantId.ToString().ToUpperInvariant() : tenantId;
        object instant = database is SqlitePortalDbContext ? now.ToUnixTimeMilliseconds() : now;
        return await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "AttemptCounters" ("TenantId", "Factor", "Subject", "Failures", "LastAttemptAt")
            VALUES ({tenant}, {factor}, {subject}, 1, {instant})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken) == 1;
    }
}
