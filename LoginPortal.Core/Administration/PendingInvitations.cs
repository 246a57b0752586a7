using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Setup;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>The invitations of an administrator's tenant that nobody has accepted yet.</summary>
public sealed class PendingInvitations(AdministratorAccess access, AccountOpening opening, TimeProvider time)
{
    /// <summary>How many a page has.</summary>
    public const int PageSize = 50;

    /// <summary>A page of them, by address. Those that have run out are among them until they are cleaned up, and can be sent anew.</summary>
    /// <param name="session">Who asks.</param>
    /// <param name="cursor">From the page before; <see langword="null"/> for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="null"/> if the cursor is none of ours.</returns>
    public Task<AdministrationResult<Page<PendingInvitation>?>> ListAsync(
        AdministratorSession session, string? cursor, CancellationToken cancellationToken) => access.RunAsync(
            session,
            AdministrationRight.Tenant,
            (administrator, cancellation) => ListAsync(administrator, cursor, cancellation),
            cancellationToken);

    /// <summary>Sends the mail once more, with a new link; the one before stops working.</summary>
    /// <returns><see cref="AccountResult.NotFound"/> where it was accepted or withdrawn meanwhile; else as <see cref="AccountOpening.InviteAsync"/>.</returns>
    public async Task<AdministrationResult<AccountResult>> ResendAsync(AdministratorSession session, Guid id, CancellationToken cancellationToken)
    {
        var found = await access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
                await administrator.Database.Invitations.AsNoTracking().SingleOrDefaultAsync(invitation => invitation.Id == id, cancellation),
            cancellationToken);
        return found switch
        {
            AdministrationResult<Invitation?>.Refused(var reason) => reason,
            AdministrationResult<Invitation?>.Answered { Value: { } invitation } =>
                await opening.InviteAsync(session, invitation.Email, invitation.Role, cancellationToken),
            _ => new AccountResult.NotFound(),
        };
    }

    /// <summary>Takes an invitation back: its link stops working.</summary>
    /// <returns>
    /// <see cref="AccountResult.Withdrawn"/>; <see cref="AccountResult.NotFound"/> where it was accepted or withdrawn meanwhile;
    /// <see cref="AccountResult.NotAllowed"/> where it is for a role that the administrator could not give.
    /// </returns>
    public Task<AdministrationResult<AccountResult>> WithdrawAsync(AdministratorSession session, Guid id, CancellationToken cancellationToken) =>
        access.RunAsync<AccountResult>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                var database = administrator.Database;
                if (await database.Invitations.Where(invitation => invitation.Id == id).Select(invitation => (PortalRole?)invitation.Role)
                    .SingleOrDefaultAsync(cancellation) is { } role && !administrator.MayGive(role))
                {
                    return new AccountResult.NotAllowed();
                }

                await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
                if (await database.Invitations.Where(invitation => invitation.Id == id).ExecuteDeleteAsync(cancellation) != 1)
                {
                    return new AccountResult.NotFound();
                }

                await database.OneTimeLinks
                    .Where(link => link.Purpose == OneTimeLinkPurpose.Invitation && link.SubjectId == id)
                    .ExecuteDeleteAsync(cancellation);
                administrator.Record(SecurityEventKind.InvitationWithdrawn, id);
                await database.SaveChangesAsync(cancellation);
                await transaction.CommitAsync(cancellation);
                return new AccountResult.Withdrawn();
            },
            cancellationToken);

    // Ordered by code points in both databases: the end of a page is compared as the index is.
#pragma warning disable CA1309, CA1310, CA1307, MA0001, MA0006, MA0074
    private async Task<Page<PendingInvitation>?> ListAsync(Administrator administrator, string? cursor, CancellationToken cancellationToken)
    {
        var invitations = administrator.Database.Invitations.AsNoTracking();
        if (cursor is not null)
        {
            if (PageCursor.Read<Cursor>(cursor)?.After is not { } after)
            {
                return null;
            }

            invitations = invitations.Where(invitation => invitation.NormalizedEmail.CompareTo(after) > 0);
        }

        var database = administrator.Database;
        var found = await invitations
            .OrderBy(invitation => invitation.NormalizedEmail)
            .Take(PageSize + 1)
            .Select(invitation => new
            {
                Invitation = invitation,
                By = database.Users.Where(user => user.Id == invitation.InvitedBy).Select(user => user.Email).FirstOrDefault(),
            })
            .ToListAsync(cancellationToken);
        var (zone, now) = (administrator.User.TimeZone, time.GetUtcNow());
        return new Page<PendingInvitation>(
            [
                .. found.Take(PageSize).Select(row => new PendingInvitation(
                    row.Invitation.Id,
                    row.Invitation.Email,
                    row.Invitation.Role,
                    row.By,
                    TimeZones.In(zone, row.Invitation.CreatedAt),
                    TimeZones.In(zone, row.Invitation.ExpiresAt),
                    row.Invitation.ExpiresAt <= now)),
            ],
            found.Count > PageSize ? PageCursor.Write(new Cursor(found[PageSize - 1].Invitation.NormalizedEmail)) : null);
    }
#pragma warning restore CA1309, CA1310, CA1307, MA0001, MA0006, MA0074

    private sealed record Cursor(string After);
}

/// <summary>An invitation that nobody has accepted yet.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Address">Who is invited.</param>
/// <param name="Role">What they may do once they are there.</param>
/// <param name="InvitedBy">Who invited them; <see langword="null"/> where that is nobody any more, or the portal's operator.</param>
/// <param name="SentAt">When, in the administrator's time zone.</param>
/// <param name="ExpiresAt">Until when it can be accepted, likewise.</param>
/// <param name="IsOver">Whether that is past.</param>
public sealed record PendingInvitation(
    Guid Id, string Address, PortalRole Role, string? InvitedBy, DateTimeOffset SentAt, DateTimeOffset ExpiresAt, bool IsOver);
