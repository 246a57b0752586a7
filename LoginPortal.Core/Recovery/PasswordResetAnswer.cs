using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Recovery;

/// <summary>Mails a link to a new password to whoever owns the address, where somebody does.</summary>
internal sealed class PasswordResetAnswer(Outbox outbox, SecurityEventWriter events, TimeProvider time) : IAccountRequestAnswer
{
    public AccountRequestKind Kind => AccountRequestKind.PasswordReset;

    public async Task AnswerAsync(
        PortalDbContext database, TenantProfile tenant, AccountRequest request, CancellationToken cancellationToken)
    {
        var name = EmailAddress.Normalize(request.Address);
        if (await database.Users.SingleOrDefaultAsync(u => u.NormalizedUserName == name && u.DisabledAt == null, cancellationToken) is { } user)
        {
            await SendAsync(database, tenant, user, request, "ResetPassword", cancellationToken);
        }
    }

    /// <summary>Mails a link to a new password, unless five were mailed within an hour. The caller saves.</summary>
    /// <param name="database">The caller's context, in its transaction.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="user">Whose password it is about.</param>
    /// <param name="request">What asked for it.</param>
    /// <param name="mail">The name of the mail.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task SendAsync(
        PortalDbContext database,
        TenantProfile tenant,
        PortalUser user,
        AccountRequest request,
        string mail,
        CancellationToken cancellationToken)
    {
        const string purpose = OneTimeLinkPurpose.PasswordReset;
        var now = time.GetUtcNow();
        var isAllowed = await MailAllowances.TryTakeAsync(database, tenant.Id, purpose, user.Email!, now, cancellationToken);
        events.Record(
            database,
            tenant.Id,
            SecurityEventKind.PasswordResetRequested,
            isAllowed ? SecurityEventOutcome.Success : SecurityEventOutcome.Refused,
            new RequestFacts(request.IpAddress, UserAgent: null),
            subjectId: user.Id,
            reason: isAllowed ? null : "too_many_mails");
        if (!isAllowed)
        {
            return;
        }

        var lifetime = PasswordRecovery.LinkLifetime;
        var token = await AccountLinks.ReplaceAsync(database, tenant.Id, user.Id, purpose, now, lifetime, cancellationToken);
        var draft = new MailDraft(mail)
        {
            Link = request is { Kind: AccountRequestKind.PasswordReset, FlowId: { } flowId }
                ? $"reset-password?token={token}&flow={flowId}"
                : $"reset-password?token={token}",
            Language = request.Language,
            Values = [(int)lifetime.TotalMinutes],
        };
        await outbox.AddAsync(database, tenant, user, draft, cancellationToken);
    }
}
