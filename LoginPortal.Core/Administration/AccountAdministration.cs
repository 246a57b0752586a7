using LoginPortal.Core.Accounts;
using LoginPortal.Core.AddressChanges;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Setup;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>
/// What an administrator does to accounts of their tenant. Each takes effect at once and in one transaction, is audited, and told to the person where
/// their safety is concerned. Nobody does so to their own account, or to that of somebody who may do more than they.
/// </summary>
public sealed partial class AccountAdministration(AdministratorAccess access, AccountErasure erasure, Outbox outbox, TimeProvider time)
{
    /// <summary>Closes an account: its sessions, tokens and links end.</summary>
    public Task<AdministrationResult<AccountResult>> DisableAsync(AdministratorSession session, Guid userId, CancellationToken cancellationToken) =>
        ChangeAsync(
            session,
            userId,
            async (work, cancellation) =>
            {
                if (work.User.DisabledAt is not null)
                {
                    return null;
                }

                if (await LastAdministrator.IsAsync(work.Database, work.User, cancellation))
                {
                    return new AccountResult.LastAdministrator();
                }

                var now = time.GetUtcNow();
                await work.UpdateAsync(u => u.SetProperty(x => x.DisabledAt, now), cancellation);
                await EndAccessAsync(work, cancellation);
                work.Administrator.Record(
                    SecurityEventKind.AccountDisabled, userId, AuditDifference.Between(new { Disabled = false }, new { Disabled = true }));
                await TellAsync(work, "AccountDisabled", cancellation);
                return null;
            },
            cancellationToken);

    /// <summary>Opens a closed account again; one that was to be erased is kept.</summary>
    public async Task<AdministrationResult<AccountResult>> EnableAsync(AdministratorSession session, Guid userId, CancellationToken cancellationToken) =>
        await ChangeAsync(
            session,
            userId,
            async (work, cancellation) =>
            {
                if (work.User.DisabledAt is null)
                {
                    return null;
                }

                if (work.User.ErasureDueAt is not null)
                {
                    await AccountErasure.WithdrawAsync(work.Database, work.User, cancellation);
                    work.Administrator.Record(SecurityEventKind.ErasureUndone, userId);
                }

                work.User.DisabledAt = null;
                work.User.ConcurrencyStamp = Secret.Create();
                work.Administrator.Record(
                    SecurityEventKind.AccountEnabled, userId, AuditDifference.Between(new { Disabled = true }, new { Disabled = false }));
                await TellAsync(work, "AccountEnabled", cancellation);
                return null;
            },
            cancellationToken);

    /// <summary>Forgets the wrong guesses that keep a person waiting.</summary>
    public Task<AdministrationResult<AccountResult>> UnlockAsync(AdministratorSession session, Guid userId, CancellationToken cancellationToken) =>
        ChangeAsync(
            session,
            userId,
            async (work, cancellation) =>
            {
                var subjects = AccountDirectory.SubjectsOf(work.User);
                var forgotten = await work.Database.AttemptCounters.Where(c => subjects.Contains(c.Subject)).ExecuteDeleteAsync(cancellation);
                if (forgotten > 0)
                {
                    work.Administrator.Record(SecurityEventKind.AccountUnlocked, userId);
                }

                return null;
            },
            cancellationToken,
            isOwnAllowed: true);

    /// <summary>Removes every second factor, passkeys included, with the recovery codes and the trust in devices, and ends every session.</summary>
    public Task<AdministrationResult<AccountResult>> ResetSecondFactorsAsync(
        AdministratorSession session, Guid userId, CancellationToken cancellationToken) => ChangeAsync(
            session,
            userId,
            async (work, cancellation) =>
            {
                var database = work.Database;
                var before = new
                {
                    Authenticators = await database.Authenticators.Where(a => a.UserId == userId).ExecuteDeleteAsync(cancellation),
                    Passkeys = await database.Passkeys.Where(p => p.UserId == userId).ExecuteDeleteAsync(cancellation),
                    RecoveryCodes = await database.RecoveryCodes.Where(c => c.UserId == userId).ExecuteDeleteAsync(cancellation),
                    TrustedDevices = await database.TrustedDevices.Where(d => d.UserId == userId).ExecuteDeleteAsync(cancellation),
                };

                // A sign-in under way that has shown one of them must not be finished with it.
                await work.UpdateAsync(u => u.SetProperty(x => x.LastSecondFactor, x => null), cancellation);
                await SessionService.EndAllAsync(database, userId, SessionEndReason.Administrator, time.GetUtcNow(), cancellation);
                work.Administrator.Record(
                    SecurityEventKind.SecondFactorsReset,
                    userId,
                    AuditDifference.Between(before, new { Authenticators = 0, Passkeys = 0, RecoveryCodes = 0, TrustedDevices = 0 }));
                await TellAsync(work, "SecondFactorsReset", cancellation);
                return null;
            },
            cancellationToken);

    /// <summary>Lets a person do more, or less. Operators are made by operators alone, and only in the platform's own tenant.</summary>
    public Task<AdministrationResult<AccountResult>> ChangeRoleAsync(
        AdministratorSession session, Guid userId, PortalRole role, CancellationToken cancellationToken) => ChangeAsync(
            session,
            userId,
            async (work, cancellation) =>
            {
                var before = work.User.Role;
                if (before == role)
                {
                    return null;
                }

                if (!work.Administrator.MayGive(role))
                {
                    return new AccountResult.NotAllowed();
                }

                if (await LastAdministrator.IsAsync(work.Database, work.User, cancellation))
                {
                    return new AccountResult.LastAdministrator();
                }

                // What the person may do is asked for at each request: no sign-in, and no application that has a grant, need end for it.
                var stamp = Secret.Create();
                await work.Database.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(
                    u => u.SetProperty(x => x.Role, role).SetProperty(x => x.ConcurrencyStamp, stamp), cancellation);
                work.Administrator.Record(
                    SecurityEventKind.RoleChanged, userId, AuditDifference.Between(new { Role = before }, new { Role = role }));
                await TellAsync(work, "RoleChanged", cancellation);
                return null;
            },
            cancellationToken);

    /// <summary>Closes an account and has it erased after <see cref="AccountErasure.Grace"/>; until then it can be opened again.</summary>
    public async Task<AdministrationResult<AccountResult>> DeleteAsync(
        AdministratorSession session, Guid userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return await access.RunAsync<AccountResult>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                var database = administrator.Database;
                var user = await database.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == userId, cancellation);
                if (await RefusalOfAsync(administrator, user, isOwnAllowed: false, cancellation) is { } refusal)
                {
                    return refusal;
                }

                return await erasure.RequestForAsync(administrator.Tenant.Id, userId, administrator.User.Id, session.Facts, cancellation) switch
                {
                    ErasureResult.LastAdministrator => new AccountResult.LastAdministrator(),
                    ErasureResult.Scheduled when await AccountDirectory.FindAsync(database, userId, time.GetUtcNow(), cancellation) is { } account =>
                        new AccountResult.Done(account),
                    _ => new AccountResult.NotFound(),
                };
            },
            cancellationToken);
    }

    /// <summary>Why an administrator may not do anything to an account; <see langword="null"/> if they may.</summary>
    private static async Task<AccountResult?> RefusalOfAsync(
        Administrator administrator, PortalUser? user, bool isOwnAllowed, CancellationToken cancellationToken)
    {
        if (user is null)
        {
            return new AccountResult.NotFound();
        }

        var (actorId, role) = (administrator.User.Id, administrator.User.Role);
        return user.Id == actorId ? (isOwnAllowed ? null : new AccountResult.OwnAccount())
            : user.Role > role ? new AccountResult.NotAllowed()
            : await administrator.Database.Users.AnyAsync(u => u.Id == actorId && u.Role == role && u.DisabledAt == null, cancellationToken) ? null
            : new AccountResult.NotAllowed();
    }

    private Task<AdministrationResult<AccountResult>> ChangeAsync(
        AdministratorSession session,
        Guid userId,
        Func<AccountWork, CancellationToken, Task<AccountResult?>> change,
        CancellationToken cancellationToken,
        bool isOwnAllowed = false) => access.RunAsync<AccountResult>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                var database = administrator.Database;
                await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
                await LastAdministrator.LockAsync(database, administrator.Tenant.Id, cancellation);

                // The person's row too, so that what they do themselves at this moment comes before or after.
                await database.Users.Where(u => u.Id == userId)
                    .ExecuteUpdateAsync(u => u.SetProperty(x => x.AccessFailedCount, x => x.AccessFailedCount), cancellation);

                // Read behind the locks, not as this context may know the person already: the administrator may be the one.
                database.ChangeTracker.Clear();
                var user = await database.Users.SingleOrDefaultAsync(u => u.Id == userId, cancellation);
                if (await RefusalOfAsync(administrator, user, isOwnAllowed, cancellation) is { } refusal)
                {
                    return refusal;
                }

                if (await change(new AccountWork(administrator, user!), cancellation) is { } refused)
                {
                    return refused;
                }

                await database.SaveChangesAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                return await AccountDirectory.FindAsync(database, userId, time.GetUtcNow(), cancellation) is { } account
                    ? new AccountResult.Done(account)
                    : new AccountResult.NotFound();
            },
            cancellationToken);

    private async Task EndAccessAsync(AccountWork work, CancellationToken cancellationToken)
    {
        var (database, userId) = (work.Database, work.User.Id);
        await SessionService.EndAllAsync(database, userId, SessionEndReason.Administrator, time.GetUtcNow(), cancellationToken);
        await AccountLinks.EndAsync(database, userId, OneTimeLinkPurpose.PasswordReset, cancellationToken);
        await AddressChangeLinks.EndPendingAsync(database, userId, cancellationToken);
    }

    private Task TellAsync(AccountWork work, string mail, CancellationToken cancellationToken) =>
        outbox.AddAsync(work.Database, work.Administrator.Tenant, work.User, new MailDraft(mail), cancellationToken);

    /// <summary>An account at which an administrator is at work.</summary>
    private sealed record AccountWork(Administrator Administrator, PortalUser User)
    {
        public PortalDbContext Database => Administrator.Database;

        /// <summary>
        /// Changes the row, and with it the stamps by which sign-ins and changes under way, and what applications were given, see that it was changed.
        /// </summary>
        public Task<int> UpdateAsync(
            Action<Microsoft.EntityFrameworkCore.Query.UpdateSettersBuilder<PortalUser>> change, CancellationToken cancellationToken)
        {
            var (userId, security, concurrency) = (User.Id, Secret.Create(), Secret.Create());
            return Database.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(
                update =>
                {
                    change(update);
                    update.SetProperty(u => u.SecurityStamp, security).SetProperty(u => u.ConcurrencyStamp, concurrency);
                },
                cancellationToken);
        }
    }
}
