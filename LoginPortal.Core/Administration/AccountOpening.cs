using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Registration;

namespace LoginPortal.Core.Administration;

/// <summary>How an administrator gets people into their tenant: by an invitation, or by making the account for them.</summary>
public sealed class AccountOpening(AdministratorAccess access, Invitations invitations, Outbox outbox, TimeProvider time)
{
    /// <summary>Invites somebody, in place of an earlier invitation.</summary>
    public Task<AdministrationResult<AccountResult>> InviteAsync(
        AdministratorSession session, string? address, PortalRole role, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(session);
        return access.RunAsync<AccountResult>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) => !administrator.MayGive(role)
                ? new AccountResult.NotAllowed()
                : await invitations.InviteAsync(
                    administrator.Tenant.Id, administrator.User.Id, address, role, session.Facts, cancellation) switch
                {
                    InvitationResult.Sent => new AccountResult.Invited(),
                    InvitationResult.AddressMalformed => new AccountResult.AddressMalformed(),
                    InvitationResult.AlreadyMember => new AccountResult.AddressTaken(),
                    _ => new AccountResult.TooManyMails(),
                },
            cancellationToken);
    }

    /// <summary>
    /// Makes an account and tells its owner. Whether the address is theirs is still to be seen; a password that the administrator chose must be
    /// replaced at the first sign-in.
    /// </summary>
    public Task<AdministrationResult<AccountResult>> CreateAsync(
        AdministratorSession session, AccountToCreate account, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(account);
        return access.RunAsync(
            session, AdministrationRight.Tenant, (administrator, cancellation) => CreateAsync(administrator, account, cancellation), cancellationToken);
    }

    private async Task<AccountResult> CreateAsync(Administrator administrator, AccountToCreate account, CancellationToken cancellationToken)
    {
        if (!administrator.MayGive(account.Role))
        {
            return new AccountResult.NotAllowed();
        }

        if (OwnProfile.ProblemsOf(account.GivenName, account.FamilyName) is { Count: > 0 } names)
        {
            return new AccountResult.NamesNotAllowed(names);
        }

        var (database, creation) = (administrator.Database, administrator.Get<AccountCreation>());
        var draft = new NewAccount(account.Address, account.Password, account.GivenName, account.FamilyName, account.Role, EmailConfirmed: false);
        switch (account.Password is null ? creation.PrepareWithoutPassword(draft) : await creation.PrepareAsync(draft, cancellationToken))
        {
            case AccountDraft.AddressMalformed:
                return new AccountResult.AddressMalformed();
            case AccountDraft.PasswordNotAllowed(var problems):
                return new AccountResult.PasswordNotAllowed(problems);
            case AccountDraft.Ready(var user):
                user.PasswordChangeRequired = account.Password is not null;
                return await StoreAsync(administrator, creation, user, cancellationToken);
            default:
                return new AccountResult.Busy();
        }

        async Task<AccountResult> StoreAsync(
            Administrator by, AccountCreation store, PortalUser user, CancellationToken cancellation)
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
            if (!await store.StoreAsync(user))
            {
                return new AccountResult.AddressTaken();
            }

            by.Record(SecurityEventKind.AccountCreated, user.Id, AuditDifference.Between(null, new { user.Role }));
            await outbox.AddAsync(database, by.Tenant, user, new MailDraft("AccountCreated") { Link = "forgot-password" }, cancellation);
            await database.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return new AccountResult.Done((await AccountDirectory.FindAsync(database, user.Id, time.GetUtcNow(), cancellation))!);
        }
    }
}
