using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Registration;

/// <summary>
/// Makes the account that somebody asked for and mails a link that confirms its address. Where there is one already its owner is told instead:
/// whoever asked sees no difference.
/// </summary>
internal sealed class RegistrationAnswer(
    AccountRegistration registration,
    AddressVerification verification,
    PasswordResetAnswer passwordReset,
    Outbox outbox,
    SecurityEventWriter events,
    TimeProvider time) : IAccountRequestAnswer
{
    /// <summary>The purpose that the mails to owners are counted under.</summary>
    private const string Purpose = OneTimeLinkPurpose.Registration;

    public AccountRequestKind Kind => AccountRequestKind.Registration;

    public async Task AnswerAsync(
        PortalDbContext database, TenantProfile tenant, AccountRequest request, CancellationToken cancellationToken)
    {
        var name = EmailAddress.Normalize(request.Address);
        switch (await database.Users.SingleOrDefaultAsync(user => user.NormalizedUserName == name, cancellationToken))
        {
            case null when request.ProtectedContent is not null:
                await CreateAsync(database, tenant, request, cancellationToken);
                break;
            case null or { DisabledAt: not null }:
                break;
            case { EmailConfirmed: false } user when user.RegistrationFlowId == request.FlowId:
                await verification.SendAsync(database, tenant, user, request.Language, cancellationToken, "ConfirmRegistration");
                break;
            case { EmailConfirmed: false } user:
                // Which of several passwords is the right one is for whoever reads the mail to say, not for whoever was first or last.
                await passwordReset.SendAsync(database, tenant, user, request, "FinishRegistration", cancellationToken);
                break;
            case not null when request.FlowId is null:
                // Only another mail was asked for, and nothing is open.
                break;
            case var owner:
                await TellOwnerAsync(database, tenant, owner, request, cancellationToken);
                break;
        }
    }

    private async Task CreateAsync(PortalDbContext database, TenantProfile tenant, AccountRequest request, CancellationToken cancellationToken)
    {
        // The flow's identifier is the account's, so that whoever asked could be told it before there was one, and others one just like it.
        var user = registration.Read(request)
            .CreateUser(request.FlowId ?? Guid.CreateVersion7(time.GetUtcNow()), tenant.Id, request.Address, PortalRole.Member, request.FlowId, request.CreatedAt);
        database.Users.Add(user);
        Record(database, tenant, user, SecurityEventOutcome.Success, request);

        // Before the mail's own statements, which another registration of the same address must not slip between.
        await database.SaveChangesAsync(cancellationToken);
        await verification.SendAsync(database, tenant, user, request.Language, cancellationToken, "ConfirmRegistration");
    }

    private async Task TellOwnerAsync(
        PortalDbContext database, TenantProfile tenant, PortalUser owner, AccountRequest request, CancellationToken cancellationToken)
    {
        Record(database, tenant, owner, SecurityEventOutcome.Refused, request);
        if (await MailAllowances.TryTakeAsync(database, tenant.Id, Purpose, owner.Email!, time.GetUtcNow(), cancellationToken))
        {
            var draft = new MailDraft("AccountExists") { Link = "sign-in", Language = request.Language };
            await outbox.AddAsync(database, tenant, owner, draft, cancellationToken);
        }
    }

    private void Record(PortalDbContext database, TenantProfile tenant, PortalUser user, SecurityEventOutcome outcome, AccountRequest request) =>
        events.Record(
            database,
            tenant.Id,
            SecurityEventKind.AccountRegistered,
            outcome,
            new RequestFacts(request.IpAddress, UserAgent: null),
            subjectId: user.Id,
            reason: outcome == SecurityEventOutcome.Refused ? "account_exists" : null);
}
