using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Totp;

/// <summary>What can be done with an authenticator app, by the same rules during sign-in and on the account pages.</summary>
public sealed class AuthenticatorChanges(SecurityEventWriter events, Outbox outbox, TimeProvider time)
{
    /// <summary>Makes a pending app count, in the caller's transaction. The caller saves.</summary>
    /// <param name="database">The caller's context.</param>
    /// <param name="tenant">The tenant, for the mail that tells the person.</param>
    /// <param name="user">The person.</param>
    /// <param name="match">The app and the step of the code that proved it.</param>
    /// <param name="name">What the person calls it; an empty name is left to the page.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="false"/> if somebody confirmed it a moment ago, or the code has been used.</returns>
    public async Task<bool> ConfirmAsync(
        PortalDbContext database,
        TenantProfile tenant,
        PortalUser user,
        MatchedCode match,
        string? name,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(match);
        var (authenticator, now) = (match.Authenticator, time.GetUtcNow());
        var cleanName = CleanName(name);
        if (!await TotpEnrolments.SpendStepAsync(database, authenticator.UserId, match.Step, cancellationToken)
            || await database.Authenticators
                .Where(a => a.Id == authenticator.Id && a.ConfirmedAt == null)
                .ExecuteUpdateAsync(
                    update => update
                        .SetProperty(a => a.ConfirmedAt, now)
                        .SetProperty(a => a.LastUsedAt, now)
                        .SetProperty(a => a.Name, cleanName),
                    cancellationToken) != 1)
        {
            return false;
        }

        await TellAsync(database, tenant, user, SecurityEventKind.AuthenticatorAdded, "AuthenticatorAdded", facts, cancellationToken);
        return true;
    }

    /// <summary>Gives an app another name.</summary>
    /// <returns><see langword="false"/> if the person has no such app.</returns>
    public static async Task<bool> RenameAsync(
        PortalDbContext database, Guid userId, Guid authenticatorId, string? name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        var cleanName = CleanName(name);
        return await Of(database, userId, authenticatorId)
            .ExecuteUpdateAsync(update => update.SetProperty(a => a.Name, cleanName), cancellationToken) == 1;
    }

    /// <summary>
    /// Removes an app. With the last second factor go the recovery codes and the trusted devices: they stood in for it. Saves, all or nothing.
    /// </summary>
    /// <returns><see langword="false"/> if the person has no such app.</returns>
    public async Task<bool> RemoveAsync(
        PortalDbContext database,
        TenantProfile tenant,
        PortalUser user,
        Guid authenticatorId,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(user);
        var userId = user.Id;
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var authenticator = await Of(database, userId, authenticatorId).SingleOrDefaultAsync(cancellationToken);
        if (authenticator is null)
        {
            return false;
        }

        database.Authenticators.Remove(authenticator);
        await TellAsync(database, tenant, user, SecurityEventKind.AuthenticatorRemoved, "AuthenticatorRemoved", facts, cancellationToken);
        await database.SaveChangesAsync(cancellationToken);
        await SecondFactors.ForgetStandInsAsync(database, userId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    private static IQueryable<Authenticator> Of(PortalDbContext database, Guid userId, Guid authenticatorId) =>
        database.Authenticators.Where(a => a.Id == authenticatorId && a.UserId == userId && a.ConfirmedAt != null);

    private static string CleanName(string? name) => DisplayText.Clean(name, Authenticator.MaximumNameLength);

    private async Task TellAsync(
        PortalDbContext database,
        TenantProfile tenant,
        PortalUser user,
        string kind,
        string mail,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        events.Record(database, tenant.Id, kind, SecurityEventOutcome.Success, facts, subjectId: user.Id, actorId: user.Id);
        await outbox.AddAsync(database, tenant, user, new MailDraft(mail), cancellationToken);
    }
}
