using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.EmailCodes;

/// <summary>
/// Mails a code to sign in with to whoever owns the address, where somebody does. An address that was never confirmed gets none: its account may
/// have been opened by somebody else, with a password that they know.
/// </summary>
internal sealed class SignInCodeAnswer(MailedCodes codes, Outbox outbox, TimeProvider time) : IAccountRequestAnswer
{
    public AccountRequestKind Kind => AccountRequestKind.SignInCode;

    public async Task AnswerAsync(
        PortalDbContext database, TenantProfile tenant, AccountRequest request, CancellationToken cancellationToken)
    {
        var name = EmailAddress.Normalize(request.Address);
        if (await database.Users.SingleOrDefaultAsync(
                user => user.NormalizedUserName == name && user.EmailConfirmed && user.DisabledAt == null, cancellationToken) is { } user
            && await codes.ReadAsync(request.FlowId!.Value, cancellationToken) is { } code
            && await MailAllowances.TryTakeAsync(
                database, tenant.Id, OneTimeLinkPurpose.SignInCode, user.Email!, time.GetUtcNow(), cancellationToken))
        {
            var draft = new MailDraft("SignInCode") { Code = code, Values = [(int)EmailCode.Lifetime.TotalMinutes], Language = request.Language };
            await outbox.AddAsync(database, tenant, user, draft, cancellationToken);
        }
    }
}
