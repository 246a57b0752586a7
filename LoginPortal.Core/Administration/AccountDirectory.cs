using System.Linq.Expressions;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>
/// The accounts of an administrator's tenant: a page at a time, whatever their number. What is searched for is the beginning of an address, or of a
/// name with either part first; each of the three, and each order, is walked along its own index, so a page costs what a page costs.
/// </summary>
public sealed class AccountDirectory(AdministratorAccess access, TimeProvider time)
{
    /// <summary>The most accounts of a page.</summary>
    public const int MaximumPageSize = 200;

    /// <summary>How many a page has where nothing is said.</summary>
    public const int DefaultPageSize = 50;

    /// <summary>How far accounts are counted: beyond it there are simply more.</summary>
    public const int CountedUpTo = 1000;

    /// <summary>
    /// A page of accounts. With a search, those whose address matches come first, and no other order can be had: it would read everything that matches.
    /// </summary>
    /// <returns><see langword="null"/> if the cursor is none of ours.</returns>
    public Task<AdministrationResult<Page<AccountSummary>?>> ListAsync(
        AdministratorSession session, AccountQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        return access.RunAsync(
            session,
            AdministrationRight.Tenant,
            (administrator, cancellation) => ListAsync(administrator.Database, query, cancellation),
            cancellationToken);
    }

    /// <summary>One account.</summary>
    /// <returns><see langword="null"/> if the tenant has no such account.</returns>
    public Task<AdministrationResult<AccountDetail?>> FindAsync(AdministratorSession session, Guid userId, CancellationToken cancellationToken) =>
        access.RunAsync(
            session,
            AdministrationRight.Tenant,
            (administrator, cancellation) => FindAsync(administrator.Database, userId, time.GetUtcNow(), cancellation),
            cancellationToken);

    internal static async Task<AccountDetail?> FindAsync(
        PortalDbContext database, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await database.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId, cancellationToken) is not { } user)
        {
            return null;
        }

        var authenticators = await database.Authenticators.CountAsync(a => a.UserId == userId && a.ConfirmedAt != null, cancellationToken);
        var passkeys = await database.Passkeys.CountAsync(p => p.UserId == userId, cancellationToken);
        var isLocked = (await AccountProtection.LockedAsync(database, [(user.Id, user.Email ?? "")], now, cancellationToken)).Count > 0;
        return new AccountDetail(
            RowOf.Compile()(user).Account with { HasSecondFactor = authenticators + passkeys > 0, IsLocked = isLocked },
            user.Language,
            user.CustomFields,
            user.PasswordHash is not null,
            user.PasswordChangeRequired,
            authenticators,
            passkeys,
            await database.RecoveryCodes.CountAsync(c => c.UserId == userId, cancellationToken),
            await database.Sessions.CountAsync(
                s => s.UserId == userId && s.EndedAt == null && s.ExpiresAt > now && s.TokenHash != null, cancellationToken),
            isLocked);
    }

    /// <summary>The names under which guesses at an account are counted.</summary>
    internal static List<string> SubjectsOf(PortalUser user) => AccountProtection.SubjectsOf(user.Id, user.Email ?? "");

    private static Expression<Func<PortalUser, AccountRow>> RowOf { get; } = user => new AccountRow(
        new AccountSummary(
            user.Id,
            user.Email!,
            user.EmailConfirmed,
            user.GivenName,
            user.FamilyName,
            user.Role,
            user.DisabledAt,
            user.ErasureDueAt,
            user.CreatedAt,
            user.LastSignInAt),
        user.NormalizedEmail!,
        user.SearchName,
        user.SearchNameReversed);

    private async Task<Page<AccountSummary>?> ListAsync(PortalDbContext database, AccountQuery query, CancellationToken cancellationToken)
    {
        Cursor? cursor = null;
        if (query.Cursor is { } text && (cursor = PageCursor.Read<Cursor>(text)) is null)
        {
            return null;
        }

        var now = time.GetUtcNow();
        var walks = WalksOf(await WantedAsync(database, query, now, cancellationToken), query);
        var (rows, hasMore) = await ReadAsync(walks, cursor, Math.Clamp(query.PageSize ?? DefaultPageSize, 1, MaximumPageSize), cancellationToken);
        var isBackward = cursor is { IsBackward: true };
        if (isBackward)
        {
            rows.Reverse();
        }

        var total = 0;
        for (var walk = 0; query.IsCounted && walk < walks.Count && total <= CountedUpTo; walk++)
        {
            total += await walks[walk].Users.Select(u => u.Id).Take(CountedUpTo + 1 - total).CountAsync(cancellationToken);
        }

        return new Page<AccountSummary>(
            await WithStandingAsync(database, [.. rows.Select(row => row.Row.Account)], now, cancellationToken),
            rows.Count > 0 && (hasMore || isBackward) ? CursorAt(rows[^1], isBackward: false) : null)
        {
            PreviousCursor = rows.Count > 0 && (isBackward ? hasMore : cursor is not null) ? CursorAt(rows[0], isBackward: true) : null,
            Total = query.IsCounted ? total : null,
        };

        string CursorAt((int Walk, AccountRow Row) row, bool isBackward)
        {
            var place = walks[row.Walk].PlaceOf(row.Row);
            return PageCursor.Write(new Cursor(row.Walk, place.Key, place.Id, isBackward));
        }
    }

    /// <summary>The page's accounts in the order in which they are walked, and whether there are more that way.</summary>
    private static async Task<(List<(int Walk, AccountRow Row)> Rows, bool HasMore)> ReadAsync(
        IReadOnlyList<IAccountWalk> walks, Cursor? cursor, int size, CancellationToken cancellationToken)
    {
        var rows = new List<(int, AccountRow)>(size + 1);
        var isBackward = cursor is { IsBackward: true };
        for (var walk = cursor?.Walk ?? 0; walk >= 0 && walk < walks.Count && rows.Count <= size; walk += isBackward ? -1 : 1)
        {
            var place = cursor is not null && walk == cursor.Walk ? new AccountPlace(cursor.Key, cursor.Id) : null;
            var found = await walks[walk].From(place, isBackward).Select(RowOf).Take(size + 1 - rows.Count).ToListAsync(cancellationToken);
            foreach (var row in found)
            {
                rows.Add((walk, row));
            }
        }

        var hasMore = rows.Count > size;
        return (hasMore ? rows[..size] : rows, hasMore);
    }

    private static async Task<IReadOnlyList<AccountSummary>> WithStandingAsync(
        PortalDbContext database, IReadOnlyList<AccountSummary> accounts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var locked = await AccountProtection.LockedAsync(database, [.. accounts.Select(account => (account.Id, account.Address))], now, cancellationToken);
        var ids = accounts.Select(account => account.Id).ToList();
        var secured = await AccountProtection.SecuredAsync(database, ids, cancellationToken);
        return [.. accounts.Select(account => account with { IsLocked = locked.Contains(account.Id), HasSecondFactor = secured.Contains(account.Id) })];
    }

    private static async Task<IQueryable<PortalUser>> WantedAsync(
        PortalDbContext database, AccountQuery query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var users = database.Users.AsNoTracking();
        if (query.Role is { } role)
        {
            users = users.Where(u => u.Role == role);
        }

        switch (query.State)
        {
            case AccountState.Active:
                return users.Where(u => u.DisabledAt == null);
            case AccountState.Disabled:
                return users.Where(u => u.DisabledAt != null);
            case AccountState.Unconfirmed:
                return users.Where(u => !u.EmailConfirmed);
            case AccountState.WithoutSecondFactor:
                return users.Where(u => !database.Passkeys.Any(p => p.UserId == u.Id)
                    && !database.Authenticators.Any(a => a.UserId == u.Id && a.ConfirmedAt != null));
            case AccountState.Locked:
                var locked = await AccountProtection.LockedAsync(database, now, cancellationToken);
                return users.Where(u => locked.Contains(u.Id));
            default:
                return users;
        }
    }

    // The databases compare these columns by code points, and so must the ends of the ranges be: no culture has a say.
#pragma warning disable CA1309, CA1310, CA1307, MA0001, MA0006, MA0074
    private static IReadOnlyList<IAccountWalk> WalksOf(IQueryable<PortalUser> users, AccountQuery query)
    {
        var typed = query.Search?.Trim() ?? "";
        if (typed.Length == 0)
        {
            return query.Sort switch
            {
                AccountSort.Name => [AccountWalks.ByFamilyName(users, query.IsDescending)],
                AccountSort.Created => [AccountWalks.ByCreation(users, query.IsDescending)],
                AccountSort.LastSignIn => AccountWalks.ByLastSignIn(users, query.IsDescending),
                _ => [AccountWalks.ByAddress(users, query.IsDescending)],
            };
        }

        var (address, name) = (EmailAddress.Normalize(typed), PortalUser.SearchFormOf(typed));
        var (addressEnd, nameEnd) = (PageCursor.EndOf(address), PageCursor.EndOf(name));
        var byOther = users.Where(u => !(u.NormalizedEmail!.CompareTo(address) >= 0 && u.NormalizedEmail.CompareTo(addressEnd) < 0));
        return
        [
            AccountWalks.ByAddress(users.Where(u => u.NormalizedEmail!.CompareTo(address) >= 0 && u.NormalizedEmail.CompareTo(addressEnd) < 0)),
            AccountWalks.ByName(byOther.Where(u => u.SearchName.CompareTo(name) >= 0 && u.SearchName.CompareTo(nameEnd) < 0)),
            AccountWalks.ByFamilyName(byOther
                .Where(u => !(u.SearchName.CompareTo(name) >= 0 && u.SearchName.CompareTo(nameEnd) < 0))
                .Where(u => u.SearchNameReversed.CompareTo(name) >= 0 && u.SearchNameReversed.CompareTo(nameEnd) < 0)),
        ];
    }
#pragma warning restore CA1309, CA1310, CA1307, MA0001, MA0006, MA0074

    /// <summary>Where a page ended, or began: in which of the walks, at what, and which way to go on.</summary>
    private sealed record Cursor(int Walk, string Key, Guid Id, bool IsBackward);
}
