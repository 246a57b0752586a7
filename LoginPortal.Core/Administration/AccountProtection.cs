using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>What is known of accounts beside their own rows: who waits because of wrong guesses, and who has a second factor.</summary>
internal static class AccountProtection
{
    /// <summary>
    /// How many wrong guesses are looked back upon for people who wait. Guesses are counted under a hash of the address, so whose they are is read from
    /// the newest refusals; beyond them an account is found by itself, not in the list of those that are locked.
    /// </summary>
    private const int RefusalsLookedAt = 2000;

    private static readonly List<string> Refusals =
    [
        SecurityEventKind.VerificationOf(AttemptFactor.Password),
        SecurityEventKind.VerificationOf(AttemptFactor.Totp),
        SecurityEventKind.VerificationOf(AttemptFactor.RecoveryCode),
        SecurityEventKind.VerificationOf(AttemptFactor.EmailCode),
    ];

    /// <summary>The names under which guesses at an account are counted.</summary>
    public static List<string> SubjectsOf(Guid userId, string address) => [userId.ToString("N"), AttemptReservations.SubjectOf(address)];

    /// <summary>Those of the accounts that wait, in one of their factors at least.</summary>
    public static async Task<HashSet<Guid>> LockedAsync(
        PortalDbContext database, IReadOnlyList<(Guid Id, string Address)> accounts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var owners = accounts.SelectMany(account => SubjectsOf(account.Id, account.Address).Select(subject => (subject, account.Id)))
            .DistinctBy(pair => pair.subject, StringComparer.Ordinal)
            .ToDictionary(pair => pair.subject, pair => pair.Id, StringComparer.Ordinal);
        var locked = new HashSet<Guid>();
        foreach (var subjects in owners.Keys.Chunk(500))
        {
            var waiting = await database.AttemptCounters
                .Where(c => subjects.Contains(c.Subject) && (c.BlockedUntil > now || c.Failures >= AttemptReservations.EndedAt))
                .Select(c => c.Subject)
                .ToListAsync(cancellationToken);
            locked.UnionWith(waiting.Select(subject => owners[subject]));
        }

        return locked;
    }

    /// <summary>Everybody of the tenant who waits, of those at whose accounts somebody guessed of late.</summary>
    public static async Task<HashSet<Guid>> LockedAsync(PortalDbContext database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var guessed = new HashSet<Guid>();
        foreach (var kind in Refusals)
        {
            guessed.UnionWith((await database.SecurityEvents.AsNoTracking()
                .Where(e => e.Kind == kind && e.Outcome == SecurityEventOutcome.Refused)
                .OrderByDescending(e => e.OccurredAt)
                .Take(RefusalsLookedAt)
                .Select(e => e.SubjectId)
                .ToListAsync(cancellationToken)).OfType<Guid>());
        }

        var accounts = new List<(Guid Id, string Address)>();
        foreach (var ids in guessed.Chunk(500))
        {
            var found = await database.Users.AsNoTracking().Where(u => ids.Contains(u.Id)).Select(u => new { u.Id, u.Email }).ToListAsync(cancellationToken);
            accounts.AddRange(found.Select(user => (user.Id, user.Email ?? "")));
        }

        return await LockedAsync(database, accounts, now, cancellationToken);
    }

    /// <summary>Those of the accounts that have an authenticator app or a passkey.</summary>
    public static async Task<HashSet<Guid>> SecuredAsync(PortalDbContext database, IReadOnlyList<Guid> ids, CancellationToken cancellationToken) =>
    [
        .. await database.Authenticators.Where(a => ids.Contains(a.UserId) && a.ConfirmedAt != null).Select(a => a.UserId)
            .Union(database.Passkeys.Where(p => ids.Contains(p.UserId)).Select(p => p.UserId))
            .ToListAsync(cancellationToken),
    ];
}
