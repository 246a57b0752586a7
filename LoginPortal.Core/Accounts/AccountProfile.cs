using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Registration;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Accounts;

/// <summary>A person's profile on their own page. Each call works in a scope of its own.</summary>
public sealed class AccountProfile(OwnAccounts accounts)
{
    /// <summary>The profile; <see langword="null"/> if the session is no longer live.</summary>
    public Task<ProfileView?> ShowAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken) => accounts.RunAsync(
        tenantId, sessionId, needsFresh: false, async (account, cancellation) => (ProfileView?)await ReadAsync(account, cancellation), null, null, cancellationToken);

    /// <summary>Changes it.</summary>
    /// <returns>What is wrong, nothing having changed; <see langword="null"/> if the session is no longer live.</returns>
    public Task<IReadOnlyList<FieldProblem>?> ChangeAsync(
        Guid tenantId, Guid sessionId, ProfileChange change, RequestFacts facts, CancellationToken cancellationToken) => accounts.RunAsync(
            tenantId,
            sessionId,
            needsFresh: false,
            async (account, cancellation) => (IReadOnlyList<FieldProblem>?)await account.Get<OwnProfile>()
                .ChangeAsync(account.User.Id, change, facts, cancellation),
            null,
            null,
            cancellationToken);

    private static async Task<ProfileView> ReadAsync(OwnAccount account, CancellationToken cancellationToken)
    {
        var user = account.User;
        return new ProfileView(
            user.DisplayName,
            user.Email ?? "",
            user.GivenName,
            user.FamilyName,
            user.Language,
            user.TimeZone,
            user.CustomFields,
            await account.Database.ProfilePictures.Where(p => p.UserId == user.Id).Select(p => p.Key).SingleOrDefaultAsync(cancellationToken),
            await PasskeyAccount.OwnerOfAsync(account, cancellationToken));
    }
}

/// <summary>A person's profile.</summary>
/// <param name="DisplayName">The name to greet them by.</param>
/// <param name="Email">Their address.</param>
/// <param name="GivenName">Given name; may be empty.</param>
/// <param name="FamilyName">Family name; may be empty.</param>
/// <param name="Language">The language they chose, as a culture name.</param>
/// <param name="TimeZone">The time zone they chose.</param>
/// <param name="CustomFields">The values of the tenant's own fields.</param>
/// <param name="PictureKey">Their picture; <see langword="null"/> if there is none.</param>
/// <param name="PasskeyOwner">What a browser that keeps their passkeys is told of them.</param>
public sealed record ProfileView(
    string DisplayName,
    string Email,
    string GivenName,
    string FamilyName,
    string? Language,
    string? TimeZone,
    IReadOnlyDictionary<string, string> CustomFields,
    string? PictureKey,
    PasskeyOwner PasskeyOwner);
