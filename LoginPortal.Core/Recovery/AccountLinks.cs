using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Recovery;

/// <summary>One-time links that are mailed to people.</summary>
internal static class AccountLinks
{
    /// <summary>A new link in place of the one before, in the caller's transaction, which holds the person's mail allowance. The caller saves.</summary>
    /// <returns>Its token; it cannot be read again.</returns>
    public static async Task<string> ReplaceAsync(
        PortalDbContext database,
        Guid tenantId,
        Guid userId,
        string purpose,
        DateTimeOffset now,
        TimeSpan lifetime,
        CancellationToken cancellationToken)
    {
        var token = Secret.Create();
        await EndAsync(database, userId, purpose, cancellationToken);
        database.OneTimeLinks.Add(new OneTimeLink
        {
            TokenHash = Secret.Hash(token),
            TenantId = tenantId,
            Purpose = purpose,
            SubjectId = userId,
            CreatedAt = now,
            ExpiresAt = now + lifetime,
        });
        return token;
    }

    /// <summary>The person whose link still works; <see langword="null"/> if it does not. Looking spends nothing.</summary>
    public static async Task<Guid?> FindSubjectAsync(
        PortalDbContext database, string? token, string purpose, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hash = Secret.Hash(token ?? "");
        return await database.OneTimeLinks
            .Where(link => link.TokenHash == hash && link.Purpose == purpose && link.ExpiresAt > now)
            .Select(link => link.SubjectId)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>Spends the link in the caller's transaction; of parallel attempts exactly one does.</summary>
    public static async Task<bool> SpendAsync(
        PortalDbContext database, string? token, string purpose, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var hash = Secret.Hash(token ?? "");
        return await database.OneTimeLinks
            .Where(link => link.TokenHash == hash && link.Purpose == purpose && link.ExpiresAt > now)
            .ExecuteDeleteAsync(cancellationToken) == 1;
    }

    /// <summary>Ends the person's link of a purpose, if there is one.</summary>
    public static Task<int> EndAsync(PortalDbContext database, Guid userId, string purpose, CancellationToken cancellationToken) =>
        database.OneTimeLinks.Where(link => link.Purpose == purpose && link.SubjectId == userId).ExecuteDeleteAsync(cancellationToken);
}
