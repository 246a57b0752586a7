using System.Linq.Expressions;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Texts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Accounts;

/// <summary>What a signed-in person of the current tenant sees and changes of their own account and sessions.</summary>
public sealed class OwnProfile(PortalDbContext database, SessionService sessions, TimeProvider time)
{
    private const int LongestName = 100;

    /// <summary>The person's account.</summary>
    public Task<PortalUser> ShowAsync(Guid userId, CancellationToken cancellationToken) =>
        database.Users.AsNoTracking().SingleAsync(user => user.Id == userId, cancellationToken);

    /// <summary>Changes names and language; what is <see langword="null"/> stays.</summary>
    /// <returns>The fields that cannot be so; nothing has changed if there are any.</returns>
    public async Task<IReadOnlyList<ProfileField>> ChangeAsync(
        Guid userId, string? givenName, string? familyName, string? language, CancellationToken cancellationToken)
    {
        List<ProfileField> problems = [.. ProblemsOf(givenName, familyName)];
        if (language is not null && !TextCatalog.Languages.Contains(language))
        {
            problems.Add(ProfileField.Language);
        }

        if (problems.Count > 0)
        {
            return problems;
        }

        var user = await database.Users.SingleAsync(u => u.Id == userId, cancellationToken);
        user.GivenName = givenName?.Trim() ?? user.GivenName;
        user.FamilyName = familyName?.Trim() ?? user.FamilyName;
        user.Language = language ?? user.Language;
        await database.SaveChangesAsync(cancellationToken);
        return [];
    }

    /// <summary>Which names cannot be so; <see langword="null"/> is none, and can.</summary>
    internal static IReadOnlyList<ProfileField> ProblemsOf(string? givenName, string? familyName) =>
    [
        .. IsName(givenName) ? [] : new[] { ProfileField.GivenName },
        .. IsName(familyName) ? [] : new[] { ProfileField.FamilyName },
    ];

    /// <summary>The person's live sessions, the last used first.</summary>
    public async Task<IReadOnlyList<Session>> ListSessionsAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var live = await database.Sessions.AsNoTracking()
            .Where(s => s.UserId == userId && s.ExpiresAt > now && s.EndedAt == null && s.TokenHash != null)
            .OrderByDescending(s => s.LastSeenAt)
            .ToListAsync(cancellationToken);
        return [.. live.Where(s => s.LastSeenAt.AddSeconds(s.IdleSeconds) > now)];
    }

    /// <summary>Ends one of the person's sessions.</summary>
    /// <returns><see langword="false"/> if they have no such session.</returns>
    public Task<bool> EndSessionAsync(Guid userId, Guid sessionId, RequestFacts facts, CancellationToken cancellationToken) =>
        EndAsync(session => session.UserId == userId && session.Id == sessionId, facts, cancellationToken);

    /// <summary>Ends all of the person's sessions but one.</summary>
    public Task<bool> EndOtherSessionsAsync(Guid userId, Guid keptId, RequestFacts facts, CancellationToken cancellationToken) =>
        EndAsync(session => session.UserId == userId && session.Id != keptId, facts, cancellationToken);

    private async Task<bool> EndAsync(Expression<Func<Session, bool>> which, RequestFacts facts, CancellationToken cancellationToken)
    {
        var ids = await database.Sessions.Where(which).Where(s => s.EndedAt == null).Select(s => s.Id).ToListAsync(cancellationToken);
        foreach (var id in ids)
        {
            await sessions.EndAsync(id, SessionEndReason.SignedOut, facts, cancellationToken);
        }

        return ids.Count > 0;
    }

    private static bool IsName(string? name) => name is null || (name.Trim().Length <= LongestName && !name.Any(char.IsControl));
}

/// <summary>The fields of a profile that a person changes.</summary>
public enum ProfileField
{
    /// <summary>Given name.</summary>
    GivenName = 0,

    /// <summary>Family name.</summary>
    FamilyName = 1,

    /// <summary>Language.</summary>
    Language = 2,
}
