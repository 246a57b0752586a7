using LoginPortal.Core.Data;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Accounts;

/// <summary>Says at one look how safe an account is, and the one thing to do next.</summary>
public sealed class AccountOverviews(OwnAccounts accounts)
{
    /// <summary>How the person's account stands; <see langword="null"/> if the session is no longer live.</summary>
    public Task<AccountStanding?> ShowAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken) => accounts.RunAsync(
        tenantId, sessionId, needsFresh: false, ReadAsync, signedOut: null, signInNeeded: null, cancellationToken);

    /// <summary>The one thing to do next, the most important first.</summary>
    public static AccountAdvice Advise(AccountStanding standing, TenantPolicy policy)
    {
        ArgumentNullException.ThrowIfNull(standing);
        ArgumentNullException.ThrowIfNull(policy);
        return standing switch
        {
            { SafePasskeys: 0, IsSecondFactorAsked: false } when policy.AllowPasskeys => AccountAdvice.AddPasskey,
            { SafePasskeys: 0, IsSecondFactorAsked: false } when policy.SecondFactor != SecondFactorRequirement.Off
                && policy.SecondFactorMethods.Contains(SecondFactorMethod.Totp) => AccountAdvice.AddAuthenticator,
            { HasPassword: false, SafePasskeys: 1 } when policy.AllowPasskeys => AccountAdvice.AddSecondPasskey,
            { IsSecondFactorAsked: true, RecoveryCodesLeft: <= RecoveryCodeSets.FewLeft } => AccountAdvice.ReplaceRecoveryCodes,
            _ => AccountAdvice.Nothing,
        };
    }

    private static async Task<AccountStanding?> ReadAsync(OwnAccount account, CancellationToken cancellationToken)
    {
        var (database, user, policy, id) = (account.Database, account.User, account.Tenant.Policy, account.User.Id);
        var now = account.Get<TimeProvider>().GetUtcNow();
        var sessions = await account.Get<OwnProfile>().ListSessionsAsync(id, cancellationToken);
        var standing = new AccountStanding(
            user.DisplayName,
            user.Email ?? "",
            await PictureKeyAsync(database, id, cancellationToken),
            user.PasswordHash is not null,
            TimeZones.In(user.TimeZone, user.PasswordChangedAt ?? user.CreatedAt),
            await database.Passkeys.CountAsync(p => p.UserId == id && p.SignsInAlone, cancellationToken),
            await database.Authenticators.CountAsync(a => a.UserId == id && a.ConfirmedAt != null, cancellationToken),
            await RecoveryCodeSets.CountLeftAsync(database, id, cancellationToken),
            sessions.Count,
            await database.TrustedDevices.CountAsync(d => d.UserId == id && d.ExpiresAt > now, cancellationToken),
            (await account.Get<SecondFactors>().OfAsync(user, policy, [AuthenticationMethod.Password], cancellationToken)).IsAsked);
        var advice = Advise(standing, policy);
        return standing with
        {
            Advice = advice,
            Safety = advice switch
            {
                AccountAdvice.AddPasskey or AccountAdvice.AddAuthenticator => AccountSafety.Basic,
                AccountAdvice.Nothing when standing.SafePasskeys > 0 || standing.IsSecondFactorAsked => AccountSafety.Strong,
                AccountAdvice.Nothing => AccountSafety.Basic,
                _ => AccountSafety.Good,
            },
        };
    }

    private static Task<string?> PictureKeyAsync(PortalDbContext database, Guid userId, CancellationToken cancellationToken) =>
        database.ProfilePictures.Where(p => p.UserId == userId).Select(p => p.Key).SingleOrDefaultAsync(cancellationToken);
}

/// <summary>How an account stands.</summary>
/// <param name="DisplayName">The name to greet the person by.</param>
/// <param name="Email">Their address.</param>
/// <param name="PictureKey">Their picture; <see langword="null"/> if there is none.</param>
/// <param name="HasPassword">Whether they have a password.</param>
/// <param name="PasswordChangedAt">When it was last set, in the person's time zone.</param>
/// <param name="SafePasskeys">Passkeys that sign in alone.</param>
/// <param name="Authenticators">Authenticator apps.</param>
/// <param name="RecoveryCodesLeft">Recovery codes that are left.</param>
/// <param name="Sessions">Live sessions.</param>
/// <param name="TrustedDevices">Browsers that may leave out the second factor.</param>
/// <param name="IsSecondFactorAsked">Whether signing in with the password asks for a second factor.</param>
public sealed record AccountStanding(
    string DisplayName,
    string Email,
    string? PictureKey,
    bool HasPassword,
    DateTimeOffset PasswordChangedAt,
    int SafePasskeys,
    int Authenticators,
    int RecoveryCodesLeft,
    int Sessions,
    int TrustedDevices,
    bool IsSecondFactorAsked)
{
    /// <summary>How safe the account is, in all.</summary>
    public AccountSafety Safety { get; init; }

    /// <summary>The one thing to do next.</summary>
    public AccountAdvice Advice { get; init; }
}

/// <summary>How safe an account is, in all.</summary>
public enum AccountSafety
{
    /// <summary>Whoever learns the password is in.</summary>
    Basic = 0,

    /// <summary>The password alone opens nothing, but something is missing that the person may need one day.</summary>
    Good = 1,

    /// <summary>Nothing is missing.</summary>
    Strong = 2,
}

/// <summary>The one thing to do next.</summary>
public enum AccountAdvice
{
    /// <summary>There is none.</summary>
    Nothing = 0,

    /// <summary>Adding a passkey.</summary>
    AddPasskey = 1,

    /// <summary>Setting up an authenticator app.</summary>
    AddAuthenticator = 2,

    /// <summary>Adding another passkey, because the only one is the only way in.</summary>
    AddSecondPasskey = 3,

    /// <summary>Making new recovery codes.</summary>
    ReplaceRecoveryCodes = 4,
}
