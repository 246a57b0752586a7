using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.AddressChanges;

/// <summary>
/// The two links of a change of address: the one at the new address makes it, the one at the old address takes it back. Each call works in a scope
/// of its own, because a circuit lives longer than a database context may.
/// </summary>
public sealed class AddressChangeLinks(IServiceScopeFactory scopes, Outbox outbox, SecurityEventWriter events, TimeProvider time)
{
    /// <summary>How long a change can be taken back.</summary>
    public static readonly TimeSpan UndoLifetime = TimeSpan.FromHours(72);

    /// <summary>A passkey that was added from so long before the change on goes with it: it would let whoever changed the address in again.</summary>
    public static readonly TimeSpan SuspectBefore = TimeSpan.FromHours(24);

    /// <summary>The change that a link makes; looking consumes nothing.</summary>
    /// <returns>The old and the new address; <see langword="null"/> if the link does not work any longer.</returns>
    public Task<AddressChangeView?> FindAsync(Guid tenantId, string? token, CancellationToken cancellationToken) =>
        FindAsync(tenantId, token, OneTimeLinkPurpose.AddressChange, cancellationToken);

    /// <summary>The change that a link takes back; looking consumes nothing.</summary>
    /// <returns>The old and the new address; <see langword="null"/> if the link does not work any longer.</returns>
    public Task<AddressChangeView?> FindUndoAsync(Guid tenantId, string? token, CancellationToken cancellationToken) =>
        FindAsync(tenantId, token, OneTimeLinkPurpose.AddressChangeUndo, cancellationToken);

    /// <summary>Spends the link and makes the change, both or neither; the old address is told, with a way back.</summary>
    /// <returns><see langword="false"/> if the link does not work any longer, or the address has been taken meanwhile.</returns>
    public Task<bool> ConfirmAsync(Guid tenantId, string? token, RequestFacts facts, CancellationToken cancellationToken) =>
        SpendAsync(tenantId, token, OneTimeLinkPurpose.AddressChange, ConfirmAsync, facts, cancellationToken);

    /// <summary>
    /// Spends the link and takes the change back, both or neither. Whoever changed the address knew the password and had a session: the password
    /// stops working, every session, every trusted device and every passkey that came with it ends, and a link to a new password is mailed to the old address.
    /// </summary>
    /// <returns><see langword="false"/> if the link does not work any longer, or the old address has been taken meanwhile.</returns>
    public Task<bool> UndoAsync(Guid tenantId, string? token, RequestFacts facts, CancellationToken cancellationToken) =>
        SpendAsync(tenantId, token, OneTimeLinkPurpose.AddressChangeUndo, UndoAsync, facts, cancellationToken);

    /// <summary>Ends the person's links to addresses that were not confirmed, in the caller's transaction; the ways back from those that were stay.</summary>
    internal static Task<int> EndPendingAsync(PortalDbContext database, Guid userId, CancellationToken cancellationToken)
    {
        var own = database.AddressChanges.Where(change => change.UserId == userId);
        return database.OneTimeLinks
            .Where(link => link.Purpose == OneTimeLinkPurpose.AddressChange && own.Any(change => change.Id == link.SubjectId))
            .ExecuteDeleteAsync(cancellationToken);
    }

    private async Task<bool> ConfirmAsync(Spent spent, RequestFacts facts, CancellationToken cancellationToken)
    {
        var (database, tenant, change, user, now) = spent;
        if (user.Email != change.PreviousAddress || user.DisabledAt is not null)
        {
            return false;
        }

        MoveTo(user, change.NewAddress);
        change.ExpiresAt = now + UndoLifetime;
        await AccountLinks.EndAsync(database, user.Id, OneTimeLinkPurpose.PasswordReset, cancellationToken);
        Record(spent, SecurityEventKind.AddressChanged, facts);
        var token = await AccountLinks.ReplaceAsync(
            database, tenant.Id, change.Id, OneTimeLinkPurpose.AddressChangeUndo, now, UndoLifetime, cancellationToken);
        var draft = new MailDraft("AddressChanged")
        {
            Link = $"undo-address-change?token={token}",
            Language = facts.Language,
            Values = [change.NewAddress, (int)UndoLifetime.TotalHours],
        };
        await outbox.AddAsync(database, tenant, MailRecipient.Of(user) with { Address = change.PreviousAddress }, draft, cancellationToken);
        return true;
    }

    private async Task<bool> UndoAsync(Spent spent, RequestFacts facts, CancellationToken cancellationToken)
    {
        var (database, tenant, change, user, now) = spent;
        MoveTo(user, change.PreviousAddress);

        // Whoever took the account over may have wanted it gone as well: the way back from that was mailed to them.
        await AccountErasure.WithdrawAsync(database, user, cancellationToken);
        await EndPendingAsync(database, user.Id, cancellationToken);

        // What came after the change that is taken back was the intruder's too: its way "back" would lead to them again.
        var later = database.AddressChanges.Where(other => other.UserId == user.Id && other.CreatedAt >= change.CreatedAt);
        await database.OneTimeLinks
            .Where(link => link.Purpose == OneTimeLinkPurpose.AddressChangeUndo && later.Any(other => other.Id == link.SubjectId))
            .ExecuteDeleteAsync(cancellationToken);
        user.PasswordHash = null;
        user.PasswordChangedAt = now;

        // The person's row first: a sign-in that is under way locks the same row, so that it gives up or its session is there to be ended.
        await database.SaveChangesAsync(cancellationToken);
        await SessionService.EndAllAsync(database, user.Id, SessionEndReason.AddressChangeUndone, now, cancellationToken);
        await database.TrustedDevices.Where(device => device.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        var suspectFrom = change.CreatedAt - SuspectBefore;
        await database.Passkeys.Where(key => key.UserId == user.Id && key.CreatedAt >= suspectFrom).ExecuteDeleteAsync(cancellationToken);
        Record(spent, SecurityEventKind.AddressChangeUndone, facts);
        var lifetime = PasswordRecovery.LinkLifetime;
        var token = await AccountLinks.ReplaceAsync(
            database, tenant.Id, user.Id, OneTimeLinkPurpose.PasswordReset, now, lifetime, cancellationToken);
        var draft = new MailDraft("ResetPassword")
        {
            Link = $"reset-password?token={token}",
            Language = facts.Language,
            Values = [(int)lifetime.TotalMinutes],
        };
        await outbox.AddAsync(database, tenant, user, draft, cancellationToken);
        return true;
    }

    private static void MoveTo(PortalUser user, string address)
    {
        var name = EmailAddress.Normalize(address);
        (user.Email, user.NormalizedEmail, user.UserName, user.NormalizedUserName) = (address, name, address, name);
        user.EmailConfirmed = true;
        user.RegistrationFlowId = null;
        user.SecurityStamp = Secret.Create();
        user.ConcurrencyStamp = Secret.Create();
    }

    private void Record(Spent spent, string kind, RequestFacts facts) => events.Record(
        spent.Database, spent.Tenant.Id, kind, SecurityEventOutcome.Success, facts, subjectId: spent.User.Id, actorId: spent.User.Id);

    private async Task<AddressChangeView?> FindAsync(Guid tenantId, string? token, string purpose, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.EnterTenantAsync(tenantId, cancellationToken) is not null
            && await FindChangeAsync(Database(scope), token, purpose, cancellationToken) is { } change
                ? new AddressChangeView(change.PreviousAddress, change.NewAddress)
                : null;
    }

    private async Task<bool> SpendAsync(
        Guid tenantId,
        string? token,
        string purpose,
        Func<Spent, RequestFacts, CancellationToken, Task<bool>> change,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        if (await scope.EnterTenantAsync(tenantId, cancellationToken) is not { } tenant
            || await FindChangeAsync(database, token, purpose, cancellationToken) is not { } found)
        {
            return false;
        }

        var now = time.GetUtcNow();
        try
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            if (!await AccountLinks.SpendAsync(database, token, purpose, now, cancellationToken)
                || await database.Users.SingleOrDefaultAsync(user => user.Id == found.UserId && (user.DisabledAt == null || user.DisabledAt == user.ErasureRequestedAt), cancellationToken) is not { } user
                || !await change(new Spent(database, tenant, found, user, now), facts, cancellationToken))
            {
                return false;
            }

            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (exception is DbUpdateConcurrencyException || exception.IsUniqueViolation())
        {
            // Another account has the address by now, or this one was changed at the same moment; everything was rolled back.
            return false;
        }
    }

    private async Task<AddressChange?> FindChangeAsync(
        PortalDbContext database, string? token, string purpose, CancellationToken cancellationToken) =>
        await AccountLinks.FindSubjectAsync(database, token, purpose, time.GetUtcNow(), cancellationToken) is { } id
            ? await database.AddressChanges.SingleOrDefaultAsync(change => change.Id == id, cancellationToken)
            : null;

    private static PortalDbContext Database(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<PortalDbContext>();

    private sealed record Spent(PortalDbContext Database, TenantProfile Tenant, AddressChange Change, PortalUser User, DateTimeOffset Now);
}

/// <summary>A change of address, as its links show it.</summary>
/// <param name="PreviousAddress">The address before.</param>
/// <param name="NewAddress">The address after.</param>
public sealed record AddressChangeView(string PreviousAddress, string NewAddress);
