using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Accounts;

/// <summary>Tells a person by mail what was changed in their account, at most five times an hour: whoever holds their session must not fill their mailbox.</summary>
public sealed class AccountNotices(Outbox outbox, TimeProvider time)
{
    /// <summary>Adds the mail to the caller's transaction. The caller saves.</summary>
    public async Task AddAsync(PortalDbContext database, TenantProfile tenant, PortalUser user, MailDraft draft, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(user);
        if (await MailAllowances.TryTakeAsync(
            database, tenant.Id, OneTimeLinkPurpose.AccountNotice, user.Email!, time.GetUtcNow(), cancellationToken))
        {
            await outbox.AddAsync(database, tenant, user, draft, cancellationToken);
        }
    }
}
