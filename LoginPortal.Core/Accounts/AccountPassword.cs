using LoginPortal.Core.Passwords;
using LoginPortal.Core.SignIn;

namespace LoginPortal.Core.Accounts;

/// <summary>A person's password on their own page. Each call works in a scope of its own.</summary>
public sealed class AccountPassword(OwnAccounts accounts)
{
    /// <summary>What there is to know of it; <see langword="null"/> if the session is no longer live.</summary>
    public Task<PasswordView?> ShowAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken) => accounts.RunAsync(
        tenantId,
        sessionId,
        needsFresh: false,
        (account, _) => Task.FromResult<PasswordView?>(new PasswordView(
            account.User.Email ?? "",
            account.User.PasswordHash is null ? null : TimeZones.In(account.User.TimeZone, account.User.PasswordChangedAt ?? account.User.CreatedAt),
            [account.User.Email ?? "", account.User.GivenName, account.User.FamilyName])),
        null,
        null,
        cancellationToken);

    /// <summary>Changes it, for somebody who knows the present one; see <see cref="OwnPassword"/>.</summary>
    /// <returns><see langword="null"/> if the session is no longer live.</returns>
    public Task<OwnPasswordResult?> ChangeAsync(
        Guid tenantId, Guid sessionId, string? present, string? next, RequestFacts facts, CancellationToken cancellationToken) => accounts.RunAsync(
            tenantId,
            sessionId,
            needsFresh: false,
            async (account, cancellation) => (OwnPasswordResult?)await account.Get<OwnPassword>()
                .ChangeAsync(account.User.Id, account.Session.Id, present, next, facts, cancellation),
            null,
            null,
            cancellationToken);
}

/// <summary>What there is to know of a password.</summary>
/// <param name="Address">The address that it belongs to.</param>
/// <param name="ChangedAt">When it was last set, in the person's time zone; <see langword="null"/> if there is none.</param>
/// <param name="OwnWords">The person's address and names: no passwords.</param>
public sealed record PasswordView(string Address, DateTimeOffset? ChangedAt, IReadOnlyList<string> OwnWords);
