using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Accounts;

/// <summary>
/// Erases everything that is held about a person whose account is due. What has a foreign key to the account goes with it; what knows the person
/// by identifier or address alone is found here. Audit rows stay, and lose what tells of the person: the network address.
/// </summary>
internal sealed class AccountEraser(PortalDbContext database, SecurityEventWriter events, TimeProvider time)
{
    /// <summary>Erases the account if it is still due, all or nothing; of parallel attempts exactly one does.</summary>
    public async Task<bool> EraseAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var users = database.Users.IgnoreQueryFilters().Where(user => user.Id == userId && user.ErasureDueAt <= now);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);

        // Locks the row: another node, or somebody who takes it back just now, waits and then finds nothing to do.
        if (await users.ExecuteUpdateAsync(update => update.SetProperty(u => u.ErasureDueAt, u => u.ErasureDueAt), cancellationToken) != 1)
        {
            return false;
        }

        var user = await users.AsNoTracking().SingleAsync(cancellationToken);
        var changes = database.AddressChanges.IgnoreQueryFilters().Where(change => change.UserId == userId);
        var names = (await changes.Select(change => change.PreviousAddress).ToListAsync(cancellationToken))
            .Append(user.Email ?? "")
            .Select(EmailAddress.Normalize)
            .ToHashSet(StringComparer.Ordinal);

        await EraseLinksAsync(tenantId, userId, changes.Select(change => change.Id), names, cancellationToken);
        await EraseFlowsAsync(user, names, cancellationToken);
        await EraseMailsAsync(tenantId, userId, names, cancellationToken);
        await EraseCountersAsync(tenantId, userId, names, cancellationToken);
        await ForgetDeedsAsync(tenantId, userId, cancellationToken);
        await users.ExecuteDeleteAsync(cancellationToken);
        events.Record(database, tenantId, SecurityEventKind.AccountErased, SecurityEventOutcome.Success, RequestFacts.Portal, subjectId: userId);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private async Task EraseLinksAsync(Guid tenantId, Guid userId, IQueryable<Guid> changes, HashSet<string> names, CancellationToken cancellationToken)
    {
        var invitations = database.Invitations.IgnoreQueryFilters().Where(invitation => names.Contains(invitation.NormalizedEmail)
            && database.Users.IgnoreQueryFilters().Any(user => user.Id == userId && user.TenantId == invitation.TenantId));
        await database.OneTimeLinks.IgnoreQueryFilters()
            .Where(link => link.SubjectId == userId
                || changes.Any(id => id == link.SubjectId)
                || invitations.Any(invitation => invitation.Id == link.SubjectId))
            .ExecuteDeleteAsync(cancellationToken);
        await invitations.ExecuteDeleteAsync(cancellationToken);
        await database.AccountImportRows.IgnoreQueryFilters()
            .Where(row => row.TenantId == tenantId && names.Contains(row.NormalizedAddress))
            .ExecuteDeleteAsync(cancellationToken);
    }

    private async Task EraseFlowsAsync(PortalUser user, HashSet<string> names, CancellationToken cancellationToken)
    {
        var own = database.Flows.IgnoreQueryFilters().Where(flow => flow.TenantId == user.TenantId);
        var typed = await OfNamesAsync(
            own.Where(flow => flow.Identifier != null).Select(flow => new Addressed(flow.Id, flow.Identifier!)), names, cancellationToken);
        await own
            .Where(flow => flow.UserId == user.Id || flow.Id == user.Id || flow.Id == user.RegistrationFlowId || typed.Contains(flow.Id))
            .ExecuteDeleteAsync(cancellationToken);

        // An application may have said for whom it asks.
        var requests = database.AuthorizationRequests.IgnoreQueryFilters().Where(request => request.TenantId == user.TenantId);
        var hinted = (await requests.Select(request => new { request.Id, request.Parameters }).ToListAsync(cancellationToken))
            .Where(request => names.Contains(EmailAddress.Normalize(request.Parameters.LoginHint ?? ""))
                || request.Parameters.Subject == user.Id.ToString())
            .Select(request => request.Id)
            .ToList();
        await requests.Where(request => request.ConsentedUserId == user.Id || hinted.Contains(request.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task EraseMailsAsync(Guid tenantId, Guid userId, HashSet<string> names, CancellationToken cancellationToken)
    {
        var requests = database.AccountRequests.IgnoreQueryFilters().Where(request => request.TenantId == tenantId);
        var asked = await OfNamesAsync(requests.Select(request => new Addressed(request.Id, request.Address)), names, cancellationToken);
        await requests.Where(request => request.UserId == userId || asked.Contains(request.Id)).ExecuteDeleteAsync(cancellationToken);

        // Most mails go with the account; an invitation was sent before there was one.
        var mails = database.OutboxMails.IgnoreQueryFilters().Where(mail => mail.TenantId == tenantId && mail.UserId == null);
        var sent = await OfNamesAsync(mails.Select(mail => new Addressed(mail.Id, mail.Recipient)), names, cancellationToken);
        await mails.Where(mail => sent.Contains(mail.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    private async Task EraseCountersAsync(Guid tenantId, Guid userId, HashSet<string> names, CancellationToken cancellationToken)
    {
        List<string> subjects = [.. names.Select(AttemptReservations.SubjectOf), userId.ToString("N")];
        await database.AttemptCounters.IgnoreQueryFilters()
            .Where(counter => counter.TenantId == tenantId && subjects.Contains(counter.Subject))
            .ExecuteDeleteAsync(cancellationToken);
        await database.MailAllowances.IgnoreQueryFilters()
            .Where(allowance => allowance.TenantId == tenantId && subjects.Contains(allowance.Subject))
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <summary>What the person did for others stays done, and no longer says who did it.</summary>
    private async Task ForgetDeedsAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken)
    {
        await database.Invitations.IgnoreQueryFilters()
            .Where(invitation => invitation.TenantId == tenantId && invitation.InvitedBy == userId)
            .ExecuteUpdateAsync(update => update.SetProperty(invitation => invitation.InvitedBy, (Guid?)null), cancellationToken);
        await database.AccountImports.IgnoreQueryFilters()
            .Where(import => import.TenantId == tenantId && import.CreatedBy == userId)
            .ExecuteUpdateAsync(update => update.SetProperty(import => import.CreatedBy, (Guid?)null), cancellationToken);
        await database.BrandingRevisions
            .Where(revision => revision.TenantId == tenantId && revision.PublishedBy == userId)
            .ExecuteUpdateAsync(update => update.SetProperty(revision => revision.PublishedBy, (Guid?)null), cancellationToken);
        await database.BrandingDrafts.IgnoreQueryFilters()
            .Where(draft => draft.TenantId == tenantId && draft.SavedBy == userId)
            .ExecuteUpdateAsync(update => update.SetProperty(draft => draft.SavedBy, (Guid?)null), cancellationToken);

        // What was changed of the account may name the person.
        await database.SecurityEvents.IgnoreQueryFilters()
            .Where(e => e.TenantId == tenantId && e.SubjectId == userId && e.Differences != null)
            .ExecuteUpdateAsync(update => update.SetProperty(e => e.Differences, (IReadOnlyList<AuditDifference>?)null), cancellationToken);
        await database.SecurityEvents.IgnoreQueryFilters()
            .Where(e => e.TenantId == tenantId && (e.SubjectId == userId || e.ActorId == userId) && e.IpAddress != null)
            .ExecuteUpdateAsync(update => update.SetProperty(e => e.IpAddress, (string?)null), cancellationToken);
    }

    /// <summary>
    /// The rows with one of the addresses, however it was typed. Compared here, because the engines do not agree on what the same letter is; rows like
    /// these are kept for days, not for ever.
    /// </summary>
    private static async Task<List<Guid>> OfNamesAsync(IQueryable<Addressed> rows, HashSet<string> names, CancellationToken cancellationToken)
    {
        var found = new List<Guid>();
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            if (names.Contains(EmailAddress.Normalize(row.Address)))
            {
                found.Add(row.Id);
            }
        }

        return found;
    }

    private sealed record Addressed(Guid Id, string Address);
}
