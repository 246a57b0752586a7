using System.Linq.Expressions;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>
/// The accounts of an administrator's tenant: a page at a time, whatever their number. What is searched for is the beginning of an address, or of a
/// name with either part first; each of the three is walked along its own index, so a page costs what a page costs.
/// </summary>
public sealed class AccountDirectory(AdministratorAccess access, TimeProvider time)
{
    /// <summary>The most accounts of a page.</summary>
    public const int MaximumPageSize = 200;

    /// <summary>How many a page has where nothing is said.</summary>
    public const int DefaultPageSize = 50;

    /// <summary>A page of accounts. Without a search they come by address; with one, those whose address matches come first.</summary>
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

        var subjects = SubjectsOf(user);
        return new AccountDetail(
            SummaryOf.Compile()(user),
            user.Language,
            user.CustomFields,
            user.PasswordHash is not null,
            user.PasswordChangeRequired,
            await database.Authenticators.CountAsync(a => a.UserId == userId && a.ConfirmedAt != null, cancellationToken),
            await database.Passkeys.CountAsync(p => p.UserId == userId, cancellationToken),
            await database.RecoveryCodes.CountAsync(c => c.UserId == userId, cancellationToken),
            await database.Sessions.CountAsync(
                s => s.UserId == userId && s.EndedAt == null && s.ExpiresAt > now && s.TokenHash != null, cancellationToken),
            await database.AttemptCounters.AnyAsync(
                c => subjects.Contains(c.Subject) && (c.BlockedUntil > now || c.Failures >= AttemptReservations.EndedAt), cancellationToken));
    }

    /// <summary>The names under which guesses at an account are counted.</summary>
    internal static List<string> SubjectsOf(PortalUser user) => [user.Id.ToString("N"), AttemptReservations.SubjectOf(user.Email ?? "")];

    private static Expression<Func<PortalUser, AccountSummary>> SummaryOf { get; } = user => new AccountSummary(
        user.Id,
        user.Email!,
        user.EmailConfirmed,
        user.GivenName,
        user.FamilyName,
        user.Role,
        user.DisabledAt,
        user.ErasureDueAt,
        user.CreatedAt,
        user.LastSignInAt);

    private static async Task<Page<AccountSummary>?> ListAsync(PortalDbContext database, AccountQuery query, CancellationToken cancellationToken)
    {
        var cursor = new Cursor(0, "", Guid.Empty);
        if (query.Cursor is { } text && PageCursor.Read<Cursor>(text) is var read)
        {
            if (read is null)
            {
                return null;
            }

            cursor = read;
        }

        var size = Math.Clamp(query.PageSize ?? DefaultPageSize, 1, MaximumPageSize);
        var sources = SourcesOf(database, query);
        var items = new List<AccountSummary>(size);
        for (var source = cursor.Source; source >= 0 && source < sources.Length; source++)
        {
            var wanted = size - items.Count;
            var found = await sources[source](source == cursor.Source ? cursor : new Cursor(source, "", Guid.Empty))
                .Take(wanted + 1)
                .ToListAsync(cancellationToken);
            items.AddRange(found.Take(wanted).Select(row => row.Account));
            if (found.Count > wanted)
            {
                var next = wanted == 0 ? new Cursor(source, "", Guid.Empty) : new Cursor(source, found[wanted - 1].Key, found[wanted - 1].Account.Id);
                return new Page<AccountSummary>(items, PageCursor.Write(next));
            }
        }

        return new Page<AccountSummary>(items, NextCursor: null);
    }

    // The databases compare these columns by code points, and so must the ends of the ranges be: no culture has a say.
#pragma warning disable CA1309, CA1310, CA1307, MA0001, MA0006, MA0074
    private static Func<Cursor, IQueryable<Keyed>>[] SourcesOf(PortalDbContext database, AccountQuery query)
    {
        var users = database.Users.AsNoTracking();
        if (query.Role is { } role)
        {
            users = users.Where(u => u.Role == role);
        }

        var typed = query.Search?.Trim() ?? "";
        if (typed.Length == 0)
        {
            return [after => ByAddress(users, after.Key)];
        }

        var (address, name) = (EmailAddress.Normalize(typed), PortalUser.SearchFormOf(typed));
        var (addressEnd, nameEnd) = (PageCursor.EndOf(address), PageCursor.EndOf(name));
        var byOther = users.Where(u => !(u.NormalizedEmail!.CompareTo(address) >= 0 && u.NormalizedEmail.CompareTo(addressEnd) < 0));
        return
        [
            after => ByAddress(users.Where(u => u.NormalizedEmail!.CompareTo(address) >= 0 && u.NormalizedEmail.CompareTo(addressEnd) < 0), after.Key),
            after => byOther
                .Where(u => u.SearchName.CompareTo(name) >= 0 && u.SearchName.CompareTo(nameEnd) < 0)
                .Where(u => u.SearchName.CompareTo(after.Key) >= 0 && (u.SearchName != after.Key || u.Id.CompareTo(after.Id) > 0))
                .OrderBy(u => u.SearchName).ThenBy(u => u.Id)
                .Select(Keyed.By(u => u.SearchName)),
            after => byOther
                .Where(u => !(u.SearchName.CompareTo(name) >= 0 && u.SearchName.CompareTo(nameEnd) < 0))
                .Where(u => u.SearchNameReversed.CompareTo(name) >= 0 && u.SearchNameReversed.CompareTo(nameEnd) < 0)
                .Where(u => u.SearchNameReversed.CompareTo(after.Key) >= 0 && (u.SearchNameReversed != after.Key || u.Id.CompareTo(after.Id) > 0))
                .OrderBy(u => u.SearchNameReversed).ThenBy(u => u.Id)
                .Select(Keyed.By(u => u.SearchNameReversed)),
        ];
    }

    private static IQueryable<Keyed> ByAddress(IQueryable<PortalUser> users, string after) => users
        .Where(u => u.NormalizedEmail!.CompareTo(after) > 0)
        .OrderBy(u => u.NormalizedEmail)
        .Select(Keyed.By(u => u.NormalizedEmail!));
#pragma warning restore CA1309, CA1310, CA1307, MA0001, MA0006, MA0074

    /// <summary>Where a page ended: in which of the walks, and at what.</summary>
    private sealed record Cursor(int Source, string Key, Guid Id);

    /// <summary>An account, with what it is ordered by.</summary>
    private sealed record Keyed(string Key, AccountSummary Account)
    {
        public static Expression<Func<PortalUser, Keyed>> By(Expression<Func<PortalUser, string>> key)
        {
            var user = SummaryOf.Parameters[0];
            var body = new Rename(key.Parameters[0], user).Visit(key.Body);
            return Expression.Lambda<Func<PortalUser, Keyed>>(
                Expression.New(typeof(Keyed).GetConstructor([typeof(string), typeof(AccountSummary)])!, body, SummaryOf.Body), user);
        }
    }

    private sealed class Rename(ParameterExpression from, ParameterExpression to) : ExpressionVisitor
    {
        protected override Expression VisitParameter(ParameterExpression node) => node == from ? to : node;
    }
}
