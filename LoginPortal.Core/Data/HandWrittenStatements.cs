using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Data;

/// <summary>Inserts that yield to a row that is already there, which EF Core cannot write.</summary>
internal static class HandWrittenStatements
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
        var (tenant, instant) = (Stored(database, tenantId), Stored(database, now));
        return await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "AttemptCounters" ("TenantId", "Factor", "Subject", "Failures", "LastAttemptAt")
            VALUES ({tenant}, {factor}, {subject}, 1, {instant})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken) == 1;
    }

    /// <summary>Inserts an allowance that nothing was taken of unless there is one.</summary>
    public static Task<int> InsertMailAllowanceIfMissingAsync(
        this PortalDbContext database, Guid tenantId, string purpose, string subject, CancellationToken cancellationToken)
    {
        var (tenant, never) = (Stored(database, tenantId), Stored(database, DateTimeOffset.UnixEpoch));
        return database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "MailAllowances" ("TenantId", "Purpose", "Subject", "FifthLast", "FourthLast", "ThirdLast", "SecondLast", "Last")
            VALUES ({tenant}, {purpose}, {subject}, {never}, {never}, {never}, {never}, {never})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken);
    }

    /// <summary>Inserts a challenge as spent unless it has been.</summary>
    /// <returns>Whether it was inserted.</returns>
    public static async Task<bool> TryInsertSpentChallengeAsync(
        this PortalDbContext database, Guid tenantId, string challengeHash, DateTimeOffset expiresAt, CancellationToken cancellationToken)
    {
        var (tenant, expiry) = (Stored(database, tenantId), Stored(database, expiresAt));
        return await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "SpentChallenges" ("TenantId", "ChallengeHash", "ExpiresAt")
            VALUES ({tenant}, {challengeHash}, {expiry})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken) == 1;
    }

    /// <summary>Inserts an allowance of which one has been taken unless there is one.</summary>
    /// <returns>Whether it was inserted.</returns>
    public static async Task<bool> TryInsertNetworkAllowanceAsync(
        this PortalDbContext database, Guid tenantId, string purpose, string network, DateTimeOffset endsAt, CancellationToken cancellationToken)
    {
        var (tenant, end) = (Stored(database, tenantId), Stored(database, endsAt));
        return await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "NetworkAllowances" ("TenantId", "Purpose", "Network", "Taken", "EndsAt")
            VALUES ({tenant}, {purpose}, {network}, 1, {end})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken) == 1;
    }

    /// <summary>Inserts a secret of the portal unless there is one.</summary>
    public static Task<int> InsertPortalSecretIfMissingAsync(
        this PortalDbContext database, string name, byte[] protectedValue, CancellationToken cancellationToken) =>
        database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO "PortalSecrets" ("Name", "ProtectedValue")
            VALUES ({name}, {protectedValue})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken);

    /// <summary>SQLite keeps identifiers as upper-case text, see <see cref="SqlitePortalDbContext"/>.</summary>
    private static object Stored(PortalDbContext database, Guid id) =>
        database is SqlitePortalDbContext ? id.ToString().ToUpperInvariant() : id;

    /// <summary>And instants as milliseconds.</summary>
    private static object Stored(PortalDbContext database, DateTimeOffset instant) =>
        database is SqlitePortalDbContext ? instant.ToUnixTimeMilliseconds() : instant;
}
