using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.OpenId;

/// <summary>What the end of a session means for what it gave to applications. Called in the transaction that ends it.</summary>
internal static class SessionGrants
{
    /// <summary>The applications that a session was told to are to hear of its end.</summary>
    public static Task<int> NoteEndAsync(PortalDbContext database, Guid sessionId, DateTimeOffset now, CancellationToken cancellationToken) =>
        NoteEndAsync(database.OpenIdGrants.Where(g => g.SessionId == sessionId), now, cancellationToken);

    /// <summary>The same for every session of a person.</summary>
    public static Task<int> NoteEndOfAllAsync(PortalDbContext database, Guid userId, DateTimeOffset now, CancellationToken cancellationToken) =>
        NoteEndAsync(
            database.OpenIdGrants.Where(g => g.UserId == userId && database.Sessions.Any(s => s.Id == g.SessionId && s.EndedAt == now)),
            now,
            cancellationToken);

    /// <summary>The same for every session of a tenant; the caller's scope may be another tenant's.</summary>
    public static Task<int> NoteEndOfTenantAsync(PortalDbContext database, Guid tenantId, DateTimeOffset now, CancellationToken cancellationToken) =>
        NoteEndAsync(
            database.OpenIdGrants.IgnoreQueryFilters()
                .Where(g => g.TenantId == tenantId && database.Sessions.Any(s => s.Id == g.SessionId && s.EndedAt == now)),
            now,
            cancellationToken);

    /// <summary>A fresh sign-in of the same person in the same browser goes on where the session before it was.</summary>
    public static Task<int> MoveAsync(PortalDbContext database, Guid from, Guid to, Guid userId, CancellationToken cancellationToken) => database.OpenIdGrants
        .Where(g => g.SessionId == from && g.UserId == userId && g.RevokedAt == null)
        .ExecuteUpdateAsync(update => update.SetProperty(g => g.SessionId, to), cancellationToken);

    private static Task<int> NoteEndAsync(IQueryable<OpenIdGrant> grants, DateTimeOffset now, CancellationToken cancellationToken) => grants
        .Where(g => g.LogoutDueAt == null && g.LogoutAttempts == 0 && g.Client!.BackChannelLogoutUri != null)
        .ExecuteUpdateAsync(update => update.SetProperty(g => g.LogoutDueAt, now), cancellationToken);
}
