using System.Globalization;
using System.Linq.Expressions;
using LoginPortal.Core.Accounts;

namespace LoginPortal.Core.Administration;

/// <summary>People in one order, along the one index that keeps it: a page of them is found, whatever stands before and behind it.</summary>
internal interface IAccountWalk
{
    /// <summary>Those of the walk, in order.</summary>
    IQueryable<PortalUser> Users { get; }

    /// <summary>Those behind a place, in order; those before it, in reverse, where one walks back. Everybody where there is no place.</summary>
    IQueryable<PortalUser> From(AccountPlace? place, bool isBackward);

    /// <summary>Where somebody stands.</summary>
    AccountPlace PlaceOf(AccountRow row);
}

/// <summary>A place in a walk.</summary>
/// <param name="Key">What is walked along, as a text.</param>
/// <param name="Id">Who stands there, among those with the same key.</param>
internal sealed record AccountPlace(string Key, Guid Id);

/// <summary>An account, with what it can be ordered by.</summary>
internal sealed record AccountRow(AccountSummary Account, string NormalizedAddress, string SearchName, string SearchNameReversed);

/// <summary>The walks that there are.</summary>
internal static class AccountWalks
{
    public static IAccountWalk ByAddress(IQueryable<PortalUser> users, bool isDescending = false) =>
        new TextWalk(users, u => u.NormalizedEmail!, row => row.NormalizedAddress, isDescending);

    public static IAccountWalk ByName(IQueryable<PortalUser> users) => new TextWalk(users, u => u.SearchName, row => row.SearchName, isDescending: false);

    public static IAccountWalk ByFamilyName(IQueryable<PortalUser> users, bool isDescending = false) =>
        new TextWalk(users, u => u.SearchNameReversed, row => row.SearchNameReversed, isDescending);

    public static IAccountWalk ByCreation(IQueryable<PortalUser> users, bool isDescending) =>
        new InstantWalk(users, u => u.CreatedAt, row => row.Account.CreatedAt, isDescending);

    /// <summary>Those who never signed in come before the one who did so longest ago.</summary>
    public static IReadOnlyList<IAccountWalk> ByLastSignIn(IQueryable<PortalUser> users, bool isDescending)
    {
        IAccountWalk never = new IdentifierWalk(users.Where(u => u.LastSignInAt == null), isDescending);
        IAccountWalk once = new InstantWalk(
            users.Where(u => u.LastSignInAt != null), u => u.LastSignInAt!.Value, row => row.Account.LastSignInAt ?? DateTimeOffset.MinValue, isDescending);
        return isDescending ? [once, never] : [never, once];
    }

    private abstract class Walk<TKey>(
        IQueryable<PortalUser> users, Expression<Func<PortalUser, TKey>> key, Func<AccountRow, TKey> keyOf, bool isDescending) : IAccountWalk
    {
        public IQueryable<PortalUser> Users => users;

        public IQueryable<PortalUser> From(AccountPlace? place, bool isBackward)
        {
            var isUp = isDescending == isBackward;
            var behind = place is null ? users : users.Where(Behind(Read(place.Key), place.Id, isUp));
            return isUp ? behind.OrderBy(key).ThenBy(u => u.Id) : behind.OrderByDescending(key).ThenByDescending(u => u.Id);
        }

        public AccountPlace PlaceOf(AccountRow row) => new(Write(keyOf(row)), row.Account.Id);

        protected abstract string Write(TKey value);

        protected abstract TKey Read(string text);

        /// <summary>A comparison of two keys that the databases make by the order of the index.</summary>
        protected abstract Expression Compare(ExpressionType comparison, Expression left, Expression right);

        private Expression<Func<PortalUser, bool>> Behind(TKey value, Guid id, bool isUp)
        {
            // By way of an object, so that the value becomes a parameter of the statement: the statement stays the same for every place.
            var place = Expression.Constant(new Place { Key = value, Id = id });
            var (body, user, at) = (key.Body, key.Parameters[0], Expression.Property(place, nameof(Place.Key)));
            var order = Expression.Call(
                Expression.Property(user, nameof(PortalUser.Id)), nameof(Guid.CompareTo), null, Expression.Property(place, nameof(Place.Id)));
            var (reached, passed) = isUp
                ? (ExpressionType.GreaterThanOrEqual, ExpressionType.GreaterThan)
                : (ExpressionType.LessThanOrEqual, ExpressionType.LessThan);
            return Expression.Lambda<Func<PortalUser, bool>>(
                Expression.AndAlso(
                    Compare(reached, body, at),
                    Expression.OrElse(Compare(passed, body, at), Expression.MakeBinary(passed, order, Expression.Constant(0)))),
                user);
        }

        private sealed class Place
        {
            public required TKey Key { get; init; }

            public required Guid Id { get; init; }
        }
    }

    /// <summary>By identifier alone, which is by creation.</summary>
    private sealed class IdentifierWalk(IQueryable<PortalUser> users, bool isDescending) : IAccountWalk
    {
        public IQueryable<PortalUser> Users => users;

        public IQueryable<PortalUser> From(AccountPlace? place, bool isBackward)
        {
            var id = place?.Id ?? Guid.Empty;
            return isDescending == isBackward
                ? (place is null ? users : users.Where(u => u.Id.CompareTo(id) > 0)).OrderBy(u => u.Id)
                : (place is null ? users : users.Where(u => u.Id.CompareTo(id) < 0)).OrderByDescending(u => u.Id);
        }

        public AccountPlace PlaceOf(AccountRow row) => new("", row.Account.Id);
    }

    private sealed class TextWalk(
        IQueryable<PortalUser> users, Expression<Func<PortalUser, string>> key, Func<AccountRow, string> keyOf, bool isDescending)
        : Walk<string>(users, key, keyOf, isDescending)
    {
        private static readonly System.Reflection.MethodInfo CompareText = typeof(string).GetMethod(nameof(string.CompareTo), [typeof(string)])!;

        protected override string Write(string value) => value;

        protected override string Read(string text) => text;

        protected override Expression Compare(ExpressionType comparison, Expression left, Expression right) =>
            Expression.MakeBinary(comparison, Expression.Call(left, CompareText, right), Expression.Constant(0));
    }

    private sealed class InstantWalk(
        IQueryable<PortalUser> users, Expression<Func<PortalUser, DateTimeOffset>> key, Func<AccountRow, DateTimeOffset> keyOf, bool isDescending)
        : Walk<DateTimeOffset>(users, key, keyOf, isDescending)
    {
        protected override string Write(DateTimeOffset value) => value.ToString("O", CultureInfo.InvariantCulture);

        protected override DateTimeOffset Read(string text) =>
            DateTimeOffset.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant)
                ? instant
                : DateTimeOffset.UnixEpoch;

        protected override Expression Compare(ExpressionType comparison, Expression left, Expression right) => Expression.MakeBinary(comparison, left, right);
    }
}
