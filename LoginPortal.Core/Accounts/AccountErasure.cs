using LoginPortal.Core.AddressChanges;
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

namespace LoginPortal.Core.Accounts;

/// <summary>
/// The end of an account: closed at once, erased after a grace in which it can be taken back (by <see cref="ErasureSweep"/>). Each call works in a
/// scope of its own, because a circuit lives longer than a database context may.
/// </summary>
public sealed class AccountErasure(
    IServiceScopeFactory scopes, OwnAccounts accounts, Outbox outbox, SecurityEventWriter events, TimeProvider time)
{
    /// <summary>How long an account is closed before it is erased.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromDays(7);

    private const string Purpose = OneTimeLinkPurpose.ErasureUndo;

    /// <summary>Whether the person can have their account erased now.</summary>
    /// <returns><see cref="ErasureResult.Ready"/>, <see cref="ErasureResult.SignInNeeded"/> or <see cref="ErasureResult.SignedOut"/>.</returns>
    public Task<ErasureResult> ShowAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken) => RunAsync(
        tenantId,
        sessionId,
        (account, _) => Task.FromResult<ErasureResult>(new ErasureResult.Ready(account.User.Email!)),
        cancellationToken);

    /// <summary>Closes the person's own account, for a page: they typed their address, so that nobody does it by a slip.</summary>
    public Task<ErasureResult> RequestAsync(
        Guid tenantId, Guid sessionId, string? typedAddress, RequestFacts facts, CancellationToken cancellationToken) => RunAsync(
            tenantId,
            sessionId,
            async (account, cancellation) => EmailAddress.Normalize(typedAddress?.Trim() ?? "") == account.User.NormalizedEmail
                ? await ScheduleAsync(account.Database, account.Tenant, account.User, account.User.Id, facts, cancellation)
                : new ErasureResult.NotConfirmed(account.User.Email!),
            cancellationToken);

    /// <summary>Closes the person's own account, for a program, which makes no slips.</summary>
    public Task<ErasureResult> RequestAsync(Guid tenantId, Guid sessionId, RequestFacts facts, CancellationToken cancellationToken) => RunAsync(
        tenantId,
        sessionId,
        (account, cancellation) => ScheduleAsync(account.Database, account.Tenant, account.User, account.User.Id, facts, cancellation),
        cancellationToken);

    /// <summary>
    /// Closes somebody's account. That <paramref name="actorId"/> may do so is for the caller to see to. The person is told, but cannot take it back.
    /// </summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="userId">Whose account.</param>
    /// <param name="actorId">The administrator.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    /// <returns><see cref="ErasureResult.Scheduled"/>, <see cref="ErasureResult.LastAdministrator"/> or <see cref="ErasureResult.NotFound"/>.</returns>
    public async Task<ErasureResult> RequestForAsync(
        Guid tenantId, Guid userId, Guid actorId, RequestFacts facts, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        return await scope.EnterTenantAsync(tenantId, cancellationToken) is { } tenant
            && await database.Users.SingleOrDefaultAsync(user => user.Id == userId, cancellationToken) is { } user
                ? await ScheduleAsync(database, tenant, user, actorId, facts, cancellationToken)
                : new ErasureResult.NotFound();
    }

    /// <summary>Opens an account again that was to be erased, whoever wanted that. That <paramref name="actorId"/> may do so is for the caller to see to.</summary>
    /// <returns><see langword="false"/> if there is no such account, or it is not to be erased.</returns>
    public async Task<bool> CancelAsync(Guid tenantId, Guid userId, Guid actorId, RequestFacts facts, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.EnterTenantAsync(tenantId, cancellationToken) is { } tenant
            && await ReopenAsync(Database(scope), tenant, userId, actorId, token: null, facts, cancellationToken);
    }

    /// <summary>The account that a link keeps; looking consumes nothing.</summary>
    /// <returns><see langword="null"/> if the link does not work any longer.</returns>
    public async Task<ErasureView?> FindUndoAsync(Guid tenantId, string? token, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        return await scope.EnterTenantAsync(tenantId, cancellationToken) is not null
            && await AccountLinks.FindSubjectAsync(database, token, Purpose, time.GetUtcNow(), cancellationToken) is { } userId
                ? await database.Users.Where(user => user.Id == userId && user.ErasureDueAt != null)
                    .Select(user => new ErasureView(user.Email!, user.ErasureDueAt!.Value))
                    .SingleOrDefaultAsync(cancellationToken)
                : null;
    }

    /// <summary>Spends the link and opens the account again, both or neither. Nobody is signed in by it.</summary>
    /// <returns><see langword="false"/> if the link does not work any longer.</returns>
    public async Task<bool> UndoAsync(Guid tenantId, string? token, RequestFacts facts, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        return await scope.EnterTenantAsync(tenantId, cancellationToken) is { } tenant
            && await AccountLinks.FindSubjectAsync(database, token, Purpose, time.GetUtcNow(), cancellationToken) is { } userId
            && await ReopenAsync(database, tenant, userId, userId, token, facts, cancellationToken);
    }

    /// <summary>Opens an account again in the caller's transaction, if it was to be erased. The caller saves.</summary>
    internal static async Task WithdrawAsync(PortalDbContext database, PortalUser user, CancellationToken cancellationToken)
    {
        if (user.ErasureDueAt is null)
        {
            return;
        }

        user.DisabledAt = user.DisabledAt == user.ErasureRequestedAt ? null : user.DisabledAt;
        (user.ErasureRequestedAt, user.ErasureDueAt) = (null, null);
        user.ConcurrencyStamp = Secret.Create();
        await AccountLinks.EndAsync(database, user.Id, Purpose, cancellationToken);
    }

    private async Task<ErasureResult> ScheduleAsync(
        PortalDbContext database, TenantProfile tenant, PortalUser user, Guid actorId, RequestFacts facts, CancellationToken cancellationToken)
    {
        var (userId, now) = (user.Id, time.GetUtcNow());
        var dueAt = now + Grace;
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (user.Role != PortalRole.Member)
        {
            // Of two administrators who leave at the same time one stays: each locks the tenant before looking for the other.
            await LastAdministrator.LockAsync(database, tenant.Id, cancellationToken);
            if (await LastAdministrator.IsAsync(database, user, cancellationToken))
            {
                return new ErasureResult.LastAdministrator();
            }
        }

        var stamp = Secret.Create();
        if (await database.Users.Where(u => u.Id == userId && u.ErasureDueAt == null).ExecuteUpdateAsync(
            update => update
                .SetProperty(u => u.ErasureRequestedAt, now)
                .SetProperty(u => u.ErasureDueAt, dueAt)
                .SetProperty(u => u.DisabledAt, u => u.DisabledAt ?? now)
                .SetProperty(u => u.ConcurrencyStamp, stamp),
            cancellationToken) != 1)
        {
            // It has been decided before, and that stands.
            return await database.Users.Where(u => u.Id == userId).Select(u => u.ErasureDueAt).SingleOrDefaultAsync(cancellationToken) is { } earlier
                ? new ErasureResult.Scheduled(earlier)
                : new ErasureResult.NotFound();
        }

        await SessionService.EndAllAsync(database, userId, SessionEndReason.AccountErasure, now, cancellationToken);
        await AccountLinks.EndAsync(database, userId, OneTimeLinkPurpose.PasswordReset, cancellationToken);
        await AddressChangeLinks.EndPendingAsync(database, userId, cancellationToken);
        events.Record(
            database, tenant.Id, SecurityEventKind.ErasureRequested, SecurityEventOutcome.Success, facts, subjectId: userId, actorId: actorId);
        var draft = actorId == userId
            ? new MailDraft("AccountErasureRequested")
            {
                Link = $"undo-account-erasure?token={await AccountLinks.ReplaceAsync(database, tenant.Id, userId, Purpose, now, Grace, cancellationToken)}",
            }
            : new MailDraft("AccountErasureByAdministrator");
        await outbox.AddAsync(database, tenant, user, draft with { Language = facts.Language, Values = [dueAt] }, cancellationToken);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new ErasureResult.Scheduled(dueAt);
    }

    private async Task<bool> ReopenAsync(
        PortalDbContext database, TenantProfile tenant, Guid userId, Guid actorId, string? token, RequestFacts facts, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        try
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            if ((token is not null && !await AccountLinks.SpendAsync(database, token, Purpose, now, cancellationToken))
                || await database.Users.SingleOrDefaultAsync(u => u.Id == userId && u.ErasureDueAt != null, cancellationToken) is not { } user)
            {
                return false;
            }

            await WithdrawAsync(database, user, cancellationToken);
            events.Record(
                database, tenant.Id, SecurityEventKind.ErasureUndone, SecurityEventOutcome.Success, facts, subjectId: userId, actorId: actorId);
            var draft = new MailDraft("AccountErasureUndone") { Link = "forgot-password", Language = facts.Language };
            await outbox.AddAsync(database, tenant, user, draft, cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            // It was erased, or kept, at the same moment.
            return false;
        }
    }

    private Task<ErasureResult> RunAsync(
        Guid tenantId, Guid sessionId, Func<OwnAccount, CancellationToken, Task<ErasureResult>> work, CancellationToken cancellationToken) =>
        accounts.RunAsync(
            tenantId, sessionId, needsFresh: true, work, new ErasureResult.SignedOut(), new ErasureResult.SignInNeeded(), cancellationToken);

    private static PortalDbContext Database(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<PortalDbContext>();
}

/// <summary>An account that is to be erased, as the link shows it that keeps it.</summary>
/// <param name="Address">Its address.</param>
/// <param name="DueAt">From when it is erased, UTC.</param>
public sealed record ErasureView(string Address, DateTimeOffset DueAt);

/// <summary>What became of a wish to erase an account. A closed family.</summary>
public abstract record ErasureResult
{
    private ErasureResult()
    {
    }

    /// <summary>It can be wished for.</summary>
    /// <param name="Address">The account's address, to be typed.</param>
    public sealed record Ready(string Address) : ErasureResult;

    /// <summary>The account is closed, and every session of it has ended.</summary>
    /// <param name="DueAt">From when it is erased, UTC.</param>
    public sealed record Scheduled(DateTimeOffset DueAt) : ErasureResult;

    /// <summary>What was typed is not the account's address.</summary>
    /// <param name="Address">The account's address.</param>
    public sealed record NotConfirmed(string Address) : ErasureResult;

    /// <summary>Without this account nobody could administer the tenant: somebody else must become an administrator first.</summary>
    public sealed record LastAdministrator : ErasureResult;

    /// <summary>There is no such account.</summary>
    public sealed record NotFound : ErasureResult;

    /// <summary>The person must sign in again first.</summary>
    public sealed record SignInNeeded : ErasureResult;

    /// <summary>The session is no longer live.</summary>
    public sealed record SignedOut : ErasureResult;
}
