using LoginPortal.Core.Accounts;
using LoginPortal.Core.AddressChanges;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Passwords;

/// <summary>Setting a password, in its two halves: the slow one outside any transaction, the short one inside.</summary>
public sealed class PasswordChanges(PasswordRules rules, PasswordHashing hashing, SecurityEventWriter events, Outbox outbox, TimeProvider time)
{
    /// <summary>Checks a new password and hashes it.</summary>
    /// <param name="user">Whose password it is to be.</param>
    /// <param name="password">The new password as typed.</param>
    /// <param name="tenant">The tenant, for its rules.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public async Task<PasswordChange> PrepareAsync(
        PortalUser user, string? password, TenantProfile tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        var problems = rules.Check(password, tenant, [user.Email ?? "", user.GivenName, user.FamilyName]);
        if (problems.Count > 0 || !PasswordText.TryNormalize(password, out var normalized))
        {
            return new PasswordChange.Refused(problems);
        }

        if (user.PasswordHash is { } present)
        {
            switch (await hashing.CompareAsync(present, password, cancellationToken))
            {
                case PasswordComparison.Busy:
                    return new PasswordChange.Busy();
                case PasswordComparison.Same or PasswordComparison.SameButOutdated:
                    return new PasswordChange.Unchanged();
            }
        }

        return await hashing.HashAsync(normalized, cancellationToken) is { } hash
            ? new PasswordChange.Ready(hash)
            : new PasswordChange.Busy();
    }

    /// <summary>
    /// Stores the new hash, ends every session that the old password opened, the trust in every device and every link to another password,
    /// and tells the person by mail. The caller saves.
    /// </summary>
    /// <param name="database">The caller's context, in its transaction.</param>
    /// <param name="tenant">The tenant, for the mail.</param>
    /// <param name="user">The person, tracked by <paramref name="database"/>.</param>
    /// <param name="hash">From <see cref="PrepareAsync"/>.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="reason">What allowed it, a stable code for the security event; <see langword="null"/> for the old password.</param>
    /// <param name="keptSessionId">The session that goes on, because the person is in it; <see langword="null"/> for none.</param>
    /// <param name="cancellationToken">Gives up; the caller's transaction is then rolled back.</param>
    public async Task ApplyAsync(
        PortalDbContext database,
        TenantProfile tenant,
        PortalUser user,
        string hash,
        RequestFacts facts,
        string? reason,
        Guid? keptSessionId,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(user);
        var now = time.GetUtcNow();
        user.PasswordHash = hash;
        user.PasswordChangedAt = now;
        user.PasswordChangeRequired = false;
        user.RegistrationFlowId = null;
        user.SecurityStamp = Secret.Create();

        // Of two changes at the same time one counts: the other's save finds another stamp than it read.
        user.ConcurrencyStamp = Secret.Create();

        // The person's row first: a sign-in with the old password that is under way locks the same row, so that either it
        // sees the new stamp and gives up, or its session is there to be ended below.
        await database.SaveChangesAsync(cancellationToken);
        await SessionService.EndAllAsync(database, user.Id, SessionEndReason.PasswordChanged, now, cancellationToken, keptSessionId);
        await database.TrustedDevices.Where(device => device.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
        await database.OneTimeLinks
            .Where(link => link.Purpose == OneTimeLinkPurpose.PasswordReset && link.SubjectId == user.Id)
            .ExecuteDeleteAsync(cancellationToken);

        // Whoever knew the old password may have asked for another address.
        await AddressChangeLinks.EndPendingAsync(database, user.Id, cancellationToken);
        events.Record(
            database,
            user.TenantId,
            SecurityEventKind.PasswordChanged,
            SecurityEventOutcome.Success,
            facts,
            subjectId: user.Id,
            actorId: user.Id,
            reason: reason);
        await outbox.AddAsync(database, tenant, user, new MailDraft("PasswordChanged") { Link = "forgot-password" }, cancellationToken);
    }
}

/// <summary>What became of preparing a new password. A closed family.</summary>
public abstract record PasswordChange
{
    private PasswordChange()
    {
    }

    /// <summary>It can be stored.</summary>
    /// <param name="Hash">Its hash.</param>
    public sealed record Ready(string Hash) : PasswordChange;

    /// <summary>It breaks rules.</summary>
    /// <param name="Problems">Which.</param>
    public sealed record Refused(IReadOnlyList<PasswordProblem> Problems) : PasswordChange;

    /// <summary>It is the present password.</summary>
    public sealed record Unchanged : PasswordChange;

    /// <summary>The hashing queue is full; the same try works in a moment.</summary>
    public sealed record Busy : PasswordChange;
}
