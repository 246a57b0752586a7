using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Mail;

/// <summary>Sees to it that nobody's mailbox is filled by somebody who knows their address.</summary>
internal static class MailAllowances
{
    /// <summary>
    /// Takes one of the five mails an hour, in the caller's transaction. The conditional update also locks the address until that
    /// transaction ends, so that of links made at the same time the newest stays.
    /// </summary>
    /// <returns><see langword="false"/> if there is none left.</returns>
    public static async Task<bool> TryTakeAsync(
        PortalDbContext database, Guid tenantId, string purpose, string address, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var subject = Secret.Hash(EmailAddress.Normalize(address));
        await database.InsertMailAllowanceIfMissingAsync(tenantId, purpose, subject, cancellationToken);
        var oldest = now - MailAllowance.Window;
        return await database.MailAllowances
            .Where(allowance => allowance.Purpose == purpose && allowance.Subject == subject && allowance.FifthLast <= oldest)
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(allowance => allowance.FifthLast, allowance => allowance.FourthLast)
                    .SetProperty(allowance => allowance.FourthLast, allowance => allowance.ThirdLast)
                    .SetProperty(allowance => allowance.ThirdLast, allowance => allowance.SecondLast)
                    .SetProperty(allowance => allowance.SecondLast, allowance => allowance.Last)
                    .SetProperty(allowance => allowance.Last, now),
                cancellationToken) == 1;
    }
}
