using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.AddressChanges;

/// <summary>Mails a link that confirms the new address, in place of the one before. Where the address is taken its owner is told instead.</summary>
internal sealed class AddressChangeAnswer(Outbox outbox, TimeProvider time) : IAccountRequestAnswer
{
    private const string Purpose = OneTimeLinkPurpose.AddressChange;

    public AccountRequestKind Kind => AccountRequestKind.AddressChange;

    public async Task AnswerAsync(
        PortalDbContext database, TenantProfile tenant, AccountRequest request, CancellationToken cancellationToken)
    {
        if (await database.Users.SingleOrDefaultAsync(u => u.Id == request.UserId && u.DisabledAt == null, cancellationToken) is not { } user
            || !await MailAllowances.TryTakeAsync(database, tenant.Id, Purpose, request.Address, time.GetUtcNow(), cancellationToken))
        {
            return;
        }

        var name = EmailAddress.Normalize(request.Address);
        if (await database.Users.SingleOrDefaultAsync(u => u.NormalizedEmail == name, cancellationToken) is { } owner)
        {
            await outbox.AddAsync(database, tenant, owner, new MailDraft("AddressInUse") { Language = request.Language }, cancellationToken);
            return;
        }

        var now = time.GetUtcNow();
        await AddressChangeLinks.EndPendingAsync(database, user.Id, cancellationToken);
        var change = new AddressChange
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Id,
            UserId = user.Id,
            PreviousAddress = user.Email!,
            NewAddress = request.Address,
            CreatedAt = now,
            ExpiresAt = now + AddressVerification.LinkLifetime,
        };
        database.AddressChanges.Add(change);
        var token = await AccountLinks.ReplaceAsync(
            database, tenant.Id, change.Id, Purpose, now, AddressVerification.LinkLifetime, cancellationToken);
        var draft = new MailDraft("ConfirmNewAddress")
        {
            Link = $"confirm-new-address?token={token}",
            Language = request.Language,
            Values = [(int)AddressVerification.LinkLifetime.TotalHours],
        };
        await outbox.AddAsync(database, tenant, MailRecipient.Of(user) with { Address = request.Address }, draft, cancellationToken);
    }
}
