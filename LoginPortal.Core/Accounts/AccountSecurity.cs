using LoginPortal.Core.Audit;
using LoginPortal.Core.Mail;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Totp;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Accounts;

/// <summary>
/// What a signed-in person can do with their own second factors. Looking needs a live session; every change needs one whose sign-in is
/// fresh, asked of the database at that moment.
/// </summary>
public sealed class AccountSecurity(OwnAccounts accounts)
{
    /// <summary>How long after signing in changes need no new sign-in.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(15);

    /// <summary>Everything that there is to see.</summary>
    public Task<AccountSecurityResult> ShowAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken) =>
        RunAsync(tenantId, sessionId, needsFresh: false, async (account, cancellation) => await OverviewAsync(account, cancellation), cancellationToken);

    /// <summary>Starts setting up an authenticator app, or shows what was started.</summary>
    public Task<AccountSecurityResult> BeginTotpAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken) =>
        RunAsync(
            tenantId,
            sessionId,
            needsFresh: true,
            async (account, cancellation) => new AccountSecurityResult.Enrolling(
                await account.Get<TotpEnrolments>().ShowPendingAsync(account.User, cancellation)),
            cancellationToken);

    /// <summary>Makes the started app count, if the code is of it. With the first app come recovery codes, in the answer and never again.</summary>
    public Task<AccountSecurityResult> ConfirmTotpAsync(
        Guid tenantId, Guid sessionId, string? code, string? name, RequestFacts facts, CancellationToken cancellationToken) => RunAsync(
            tenantId,
            sessionId,
            needsFresh: true,
            (account, cancellation) => ConfirmTotpAsync(account, code, name, facts, cancellation),
            cancellationToken);

    /// <summary>Gives an app another name.</summary>
    public Task<AccountSecurityResult> RenameAuthenticatorAsync(
        Guid tenantId, Guid sessionId, Guid authenticatorId, string? name, CancellationToken cancellationToken) => RunAsync(
            tenantId,
            sessionId,
            needsFresh: false,
            async (account, cancellation) =>
            {
                await AuthenticatorChanges.RenameAsync(account.Database, account.User.Id, authenticatorId, name, cancellation);
                return await OverviewAsync(account, cancellation);
            },
            cancellationToken);

    /// <summary>Removes an app.</summary>
    public Task<AccountSecurityResult> RemoveAuthenticatorAsync(
        Guid tenantId, Guid sessionId, Guid authenticatorId, RequestFacts facts, CancellationToken cancellationToken) => RunAsync(
            tenantId,
            sessionId,
            needsFresh: true,
            async (account, cancellation) =>
            {
                await account.Get<AuthenticatorChanges>().RemoveAsync(
                    account.Database, account.Tenant, account.User, authenticatorId, facts, cancellation);
                return await OverviewAsync(account, cancellation);
            },
            cancellationToken);

    /// <summary>Ends the recovery codes and makes new ones, in the answer and never again.</summary>
    public Task<AccountSecurityResult> ReplaceRecoveryCodesAsync(
        Guid tenantId, Guid sessionId, RequestFacts facts, CancellationToken cancellationToken) => RunAsync(
            tenantId,
            sessionId,
            needsFresh: true,
            async (account, cancellation) =>
            {
                await using var transaction = await account.Database.Database.BeginTransactionAsync(cancellation);
                var codes = await account.Get<RecoveryCodeSets>().ReplaceAsync(account.Database, account.User.Id, cancellation);
                account.Record(SecurityEventKind.RecoveryCodesReplaced, facts);
                await account.Get<Outbox>().AddAsync(
                    account.Database, account.Tenant, account.User, new MailDraft("RecoveryCodesReplaced"), cancellation);
                await account.Database.SaveChangesAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                return await OverviewAsync(account, cancellation) with { RecoveryCodes = codes };
            },
            cancellationToken);

    /// <summary>Takes back the trust in a device. Needs no fresh sign-in: it can only make the account safer.</summary>
    public Task<AccountSecurityResult> RemoveTrustedDeviceAsync(
        Guid tenantId, Guid sessionId, Guid deviceId, RequestFacts facts, CancellationToken cancellationToken) => RunAsync(
            tenantId,
            sessionId,
            needsFresh: false,
            async (account, cancellation) =>
            {
                if (await account.Database.TrustedDevices
                    .SingleOrDefaultAsync(d => d.Id == deviceId && d.UserId == account.User.Id, cancellation) is { } device)
                {
                    account.Database.TrustedDevices.Remove(device);
                    account.Record(SecurityEventKind.TrustedDeviceRemoved, facts);
                    await account.Database.SaveChangesAsync(cancellation);
                }

                return await OverviewAsync(account, cancellation);
            },
            cancellationToken);

    private static async Task<AccountSecurityResult> ConfirmTotpAsync(
        OwnAccount account, string? code, string? name, RequestFacts facts, CancellationToken cancellationToken)
    {
        var reservations = account.Get<AttemptReservations>();
        var subject = account.User.Id.ToString("N");
        var reservation = await reservations.ReserveAsync(account.Tenant.Id, AttemptFactor.Totp, subject, cancellationToken);
        if (reservation.Kind == AttemptReservationKind.Blocked)
        {
            return new AccountSecurityResult.Throttled(reservation.RetryAfter);
        }

        var match = reservation.Kind == AttemptReservationKind.Granted
            ? await account.Get<TotpEnrolments>().MatchPendingAsync(account.User.Id, code, cancellationToken)
            : null;
        if (match is null)
        {
            return new AccountSecurityResult.InvalidCode();
        }

        await using var transaction = await account.Database.Database.BeginTransactionAsync(cancellationToken);
        var isFirst = !await account.Database.Authenticators
            .AnyAsync(a => a.UserId == account.User.Id && a.ConfirmedAt != null, cancellationToken);
        if (!await account.Get<AuthenticatorChanges>().ConfirmAsync(
            account.Database, account.Tenant, account.User, match, name, facts, cancellationToken))
        {
            return new AccountSecurityResult.InvalidCode();
        }

        var codes = isFirst
            ? await account.Get<RecoveryCodeSets>().ReplaceAsync(account.Database, account.User.Id, cancellationToken)
            : null;
        await reservations.ClearAsync(AttemptFactor.Totp, subject, cancellationToken);
        await account.Database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return await OverviewAsync(account, cancellationToken) with { RecoveryCodes = codes };
    }

    private static async Task<AccountSecurityResult.Overview> OverviewAsync(OwnAccount account, CancellationToken cancellationToken)
    {
        var (database, userId) = (account.Database, account.User.Id);
        var now = account.Get<TimeProvider>().GetUtcNow();
        return new AccountSecurityResult.Overview(
            await database.Authenticators.AsNoTracking()
                .Where(a => a.UserId == userId && a.ConfirmedAt != null)
                .OrderBy(a => a.Id)
                .Select(a => new AuthenticatorSummary(a.Id, a.Name, a.CreatedAt, a.LastUsedAt))
                .ToListAsync(cancellationToken),
            await RecoveryCodeSets.CountLeftAsync(database, userId, cancellationToken),
            await database.TrustedDevices.AsNoTracking()
                .Where(d => d.UserId == userId && d.ExpiresAt > now)
                .OrderByDescending(d => d.LastUsedAt)
                .Select(d => new TrustedDeviceSummary(d.Id, d.DeviceLabel, d.CreatedAt, d.LastUsedAt, d.ExpiresAt))
                .ToListAsync(cancellationToken))
        {
            IsSecondFactorAsked = (await account.Get<SecondFactors>()
                .OfAsync(account.User, account.Tenant.Policy, [AuthenticationMethod.Password], cancellationToken)).IsAsked,
        };
    }

    private Task<AccountSecurityResult> RunAsync(
        Guid tenantId,
        Guid sessionId,
        bool needsFresh,
        Func<OwnAccount, CancellationToken, Task<AccountSecurityResult>> work,
        CancellationToken cancellationToken) => accounts.RunAsync(
            tenantId, sessionId, needsFresh, work, new AccountSecurityResult.SignedOut(), new AccountSecurityResult.SignInNeeded(), cancellationToken);
}

/// <summary>What became of a wish about one's own second factors. A closed family.</summary>
public abstract record AccountSecurityResult
{
    private AccountSecurityResult()
    {
    }

    /// <summary>Done, and how things stand now.</summary>
    /// <param name="Authenticators">The apps that count.</param>
    /// <param name="RecoveryCodesLeft">How many recovery codes are left.</param>
    /// <param name="TrustedDevices">The devices that may leave out the second factor, the last used first.</param>
    public sealed record Overview(
        IReadOnlyList<AuthenticatorSummary> Authenticators, int RecoveryCodesLeft, IReadOnlyList<TrustedDeviceSummary> TrustedDevices)
        : AccountSecurityResult
    {
        /// <summary>Whether signing in with the password asks for a second factor, which recovery codes can stand in for.</summary>
        public bool IsSecondFactorAsked { get; init; }

        /// <summary>New recovery codes, in the one answer that shows them.</summary>
        public IReadOnlyList<string>? RecoveryCodes { get; init; }
    }

    /// <summary>An app is being set up.</summary>
    /// <param name="Enrolment">What to set it up with.</param>
    public sealed record Enrolling(TotpEnrolment Enrolment) : AccountSecurityResult;

    /// <summary>The code is wrong, too old, or has been used.</summary>
    public sealed record InvalidCode : AccountSecurityResult;

    /// <summary>Too many wrong codes.</summary>
    /// <param name="RetryAfter">How long to wait.</param>
    public sealed record Throttled(TimeSpan RetryAfter) : AccountSecurityResult;

    /// <summary>The person must sign in again first: it has been longer than <see cref="AccountSecurity.FreshFor"/>.</summary>
    public sealed record SignInNeeded : AccountSecurityResult;

    /// <summary>The session is no longer live.</summary>
    public sealed record SignedOut : AccountSecurityResult;
}

/// <summary>An authenticator app, as its owner sees it.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Name">What the person calls it; may be empty.</param>
/// <param name="CreatedAt">When it was set up, UTC.</param>
/// <param name="LastUsedAt">When a code of it was last accepted, UTC.</param>
public sealed record AuthenticatorSummary(Guid Id, string Name, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt);

/// <summary>A trusted device, as its owner sees it.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="DeviceLabel">Browser and system in words.</param>
/// <param name="CreatedAt">When it was trusted, UTC.</param>
/// <param name="LastUsedAt">When it last stood in for the second factor, UTC.</param>
/// <param name="ExpiresAt">When the trust ends, UTC.</param>
public sealed record TrustedDeviceSummary(
    Guid Id, string DeviceLabel, DateTimeOffset CreatedAt, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt);
