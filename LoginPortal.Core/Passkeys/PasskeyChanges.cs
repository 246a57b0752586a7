using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Passkeys;

/// <summary>What can be done with a passkey, by the same rules during sign-in and on the account pages.</summary>
public sealed class PasskeyChanges(SecurityEventWriter events, Outbox outbox, TimeProvider time)
{
    /// <summary>
    /// Whether a counter went back or stood still (Web Authentication Level 3, 7.2, step 22): two authenticators have the same key. One that
    /// has never counted may go on so; one that falls to zero has gone back.
    /// </summary>
    public static bool Regresses(long stored, long present) => (stored != 0 || present != 0) && present <= stored;

    /// <summary>Spends the challenge and moves the counter on, in the caller's transaction; of two uses at once exactly one does.</summary>
    /// <returns>Why it cannot be done; <see langword="null"/> if it was.</returns>
    public async Task<RejectionCode?> UseAsync(
        PortalDbContext database, Guid userId, PasskeyProof proof, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(proof);
        if (!await TrySpendAsync(database, proof.Ceremony, cancellationToken))
        {
            return RejectionCode.PasskeyCeremonyEnded;
        }

        var (credentialId, now) = (proof.CredentialId, time.GetUtcNow());
        long count = proof.SignCount;
        return await database.Passkeys
            .Where(p => p.CredentialId == credentialId && p.UserId == userId && (p.SignCount < count || (p.SignCount == 0 && count == 0)))
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(p => p.SignCount, count)
                    .SetProperty(p => p.IsBackedUp, proof.IsBackedUp)
                    .SetProperty(p => p.LastUsedAt, now),
                cancellationToken) == 1
            ? null
            : await database.Passkeys.AnyAsync(p => p.CredentialId == credentialId && p.UserId == userId, cancellationToken)
                ? RejectionCode.PasskeyCounterRegressed
                : RejectionCode.PasskeyNotAccepted;
    }

    /// <summary>Adds a passkey, in the caller's transaction, and tells the person. Saves.</summary>
    /// <returns>Why it cannot be done; <see langword="null"/> if it was.</returns>
    public async Task<RejectionCode?> AddAsync(
        PortalDbContext database,
        TenantProfile tenant,
        PortalUser user,
        PasskeyVerdict.Attested attested,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(attested);
        if (!await TrySpendAsync(database, attested.Ceremony, cancellationToken))
        {
            return RejectionCode.PasskeyCeremonyEnded;
        }

        var (made, now) = (attested.Passkey, time.GetUtcNow());
        database.Passkeys.Add(new Passkey
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Id,
            UserId = user.Id,
            CredentialId = made.CredentialId,
            PublicKey = made.PublicKey,
            SignCount = made.SignCount,
            Transports = made.Transports is { } transports ? [.. transports.Where(IsTransport).Take(8)] : [],
            Aaguid = CredentialJson.AaguidOf(made.AttestationObject),
            Name = DisplayText.Clean(attested.Name, Passkey.MaximumNameLength),
            IsUserVerified = made.IsUserVerified,
            SignsInAlone = attested.Ceremony.Kind != PasskeyKind.SecurityKey && (made.IsUserVerified || attested.Ceremony.IsConditional),
            IsBackupEligible = made.IsBackupEligible,
            IsBackedUp = made.IsBackedUp,
            CreatedAt = now,
        });
        await TellAsync(database, tenant, user, SecurityEventKind.PasskeyAdded, "PasskeyAdded", facts, cancellationToken);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
            return null;
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            return RejectionCode.PasskeyAlreadyRegistered;
        }
    }

    /// <summary>Gives a passkey another name; an empty one stands for the authenticator's own.</summary>
    /// <returns><see langword="false"/> if the person has no such passkey.</returns>
    public static async Task<bool> RenameAsync(
        PortalDbContext database, Guid userId, Guid passkeyId, string? name, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        var cleanName = DisplayText.Clean(name, Passkey.MaximumNameLength);
        return await database.Passkeys.Where(p => p.Id == passkeyId && p.UserId == userId)
            .ExecuteUpdateAsync(update => update.SetProperty(p => p.Name, cleanName), cancellationToken) == 1;
    }

    /// <summary>
    /// Removes a passkey unless it is the last way in. With the last second factor go the recovery codes and the trusted devices: they stood in
    /// for it. Saves, all or nothing.
    /// </summary>
    public async Task<PasskeyRemoval> RemoveAsync(
        PortalDbContext database, TenantProfile tenant, PortalUser user, Guid passkeyId, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(user);
        var userId = user.Id;
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);

        // Takes the person's row, so that of two removals at once the second sees what the first has left.
        await database.Users.Where(u => u.Id == userId)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.AccessFailedCount, x => x.AccessFailedCount), cancellationToken);
        var passkeys = database.Passkeys;
        if (!await passkeys.AnyAsync(p => p.Id == passkeyId && p.UserId == userId, cancellationToken))
        {
            return PasskeyRemoval.NotFound;
        }

        if (await passkeys
            .Where(p => p.Id == passkeyId && p.UserId == userId
                && (passkeys.Any(other => other.UserId == userId && other.Id != passkeyId && other.SignsInAlone)
                    || database.Users.Any(u => u.Id == userId && u.PasswordHash != null)))
            .ExecuteDeleteAsync(cancellationToken) != 1)
        {
            return PasskeyRemoval.LastWayIn;
        }

        await TellAsync(database, tenant, user, SecurityEventKind.PasskeyRemoved, "PasskeyRemoved", facts, cancellationToken);
        await database.SaveChangesAsync(cancellationToken);
        await SecondFactors.ForgetStandInsAsync(database, userId, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return PasskeyRemoval.Removed;
    }

    /// <summary>Notes a right signature with an old counter, and tells the person: somebody may have a copy of the key. The caller saves.</summary>
    public async Task ReportRegressionAsync(
        PortalDbContext database, TenantProfile tenant, PortalUser user, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(tenant);
        events.Record(
            database,
            tenant.Id,
            SecurityEventKind.PasskeyCounterRegressed,
            SecurityEventOutcome.Refused,
            facts,
            subjectId: user.Id,
            reason: "counter_regressed");
        await outbox.AddAsync(database, tenant, user, new MailDraft("PasskeySuspicious") { Link = "account/security" }, cancellationToken);
    }

    /// <summary>A word of the registry (Web Authentication Level 3, 5.8.4), or one that may yet be added to it.</summary>
    private static bool IsTransport(string transport) =>
        transport.Length is > 0 and <= 32 && transport.All(character => char.IsAsciiLetterLower(character) || character == '-');

    private static Task<bool> TrySpendAsync(PortalDbContext database, PasskeyCeremony ceremony, CancellationToken cancellationToken) =>
        database.TryInsertSpentChallengeAsync(ceremony.TenantId, ceremony.ChallengeHash, ceremony.ExpiresAt, cancellationToken);

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

/// <summary>What became of removing a passkey.</summary>
public enum PasskeyRemoval
{
    /// <summary>It is gone.</summary>
    Removed = 0,

    /// <summary>The person has no such passkey.</summary>
    NotFound = 1,

    /// <summary>The person has no password and no other passkey that signs in: without it they could not come back.</summary>
    LastWayIn = 2,
}
