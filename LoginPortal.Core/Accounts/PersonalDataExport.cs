using LoginPortal.Core.Audit;
using LoginPortal.Core.Mail;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Accounts;

/// <summary>Gives a person everything that is held about them, after a fresh sign-in. It is noted, and told by mail.</summary>
public sealed class PersonalDataExport(OwnAccounts accounts, Outbox outbox, TimeProvider time)
{
    /// <summary>Hands the data to <paramref name="write"/>, which must read it before it returns.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="write">Writes it; called only if the person may have it.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; a part may have been written then.</param>
    public Task<PersonalDataResult> WriteAsync(
        Guid tenantId, Guid sessionId, Func<PersonalData, CancellationToken, Task> write, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(write);
        return accounts.RunAsync(
            tenantId,
            sessionId,
            needsFresh: true,
            async (account, cancellation) =>
            {
                await NoteAsync(account, facts, cancellation);
                await write(await ReadAsync(account, cancellation), cancellation);
                return PersonalDataResult.Written;
            },
            PersonalDataResult.SignedOut,
            PersonalDataResult.SignInNeeded,
            cancellationToken);
    }

    private async Task NoteAsync(OwnAccount account, RequestFacts facts, CancellationToken cancellationToken)
    {
        var (database, tenant, user) = (account.Database, account.Tenant, account.User);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        account.Record(SecurityEventKind.DataExported, facts);
        if (await MailAllowances.TryTakeAsync(database, tenant.Id, OneTimeLinkPurpose.DataExport, user.Email!, time.GetUtcNow(), cancellationToken))
        {
            await outbox.AddAsync(
                database, tenant, user, new MailDraft("DataDownloaded") { Link = "forgot-password", Language = facts.Language }, cancellationToken);
        }

        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Closes the reader before the next list is read: the serializer keeps all of them to its end, and a connection has one at a time.</summary>
    private static async IAsyncEnumerable<T> Stream<T>(IQueryable<T> rows)
    {
        await foreach (var row in rows.AsAsyncEnumerable())
        {
            yield return row;
        }
    }

    private static async Task<PersonalData> ReadAsync(OwnAccount account, CancellationToken cancellationToken)
    {
        var (database, user, id) = (account.Database, account.User, account.User.Id);
        return new PersonalData(
            new PersonalAccount(
                id,
                account.Tenant.DisplayName,
                user.Email,
                user.EmailConfirmed,
                user.GivenName,
                user.FamilyName,
                user.Language,
                user.TimeZone,
                user.Role,
                user.CustomFields,
                user.AcceptedTermsVersion,
                user.AcceptedTermsAt,
                user.CreatedAt,
                user.LastSignInAt,
                user.PasswordChangedAt),
            await database.ProfilePictures.Where(p => p.UserId == id)
                .Select(p => new PersonalPicture(p.ContentType, p.Content, p.CreatedAt))
                .SingleOrDefaultAsync(cancellationToken),
            Stream(database.Passkeys.Where(p => p.UserId == id).OrderBy(p => p.Id)
                .Select(p => new PersonalPasskey(p.Id, p.Name, p.Aaguid, p.Transports, p.IsBackedUp, p.CreatedAt, p.LastUsedAt))),
            Stream(database.Authenticators.Where(a => a.UserId == id).OrderBy(a => a.Id)
                .Select(a => new PersonalAuthenticator(a.Id, a.Name, a.CreatedAt, a.ConfirmedAt, a.LastUsedAt))),
            await RecoveryCodeSets.CountLeftAsync(database, id, cancellationToken),
            Stream(database.TrustedDevices.Where(d => d.UserId == id).OrderBy(d => d.Id)
                .Select(d => new PersonalTrustedDevice(d.Id, d.DeviceLabel, d.CreatedAt, d.LastUsedAt, d.ExpiresAt))),
            Stream(database.ApiKeys.Where(k => k.UserId == id).OrderBy(k => k.Id)
                .Select(k => new PersonalApiKey(k.Id, k.Name, k.CreatedAt, k.ExpiresAt))),
            Stream(database.Sessions.Where(s => s.UserId == id).OrderBy(s => s.Id)
                .Select(s => new PersonalSession(
                    s.Id, s.DeviceLabel, s.UserAgent, s.IpAddress, s.AuthenticationMethods, s.CreatedAt, s.LastSeenAt, s.ExpiresAt, s.EndedAt, s.EndReason))),
            Stream(database.OpenIdGrants.Where(g => g.UserId == id).OrderBy(g => g.Id)
                .Select(g => new PersonalApplication(g.Client!.Name, g.Scopes, g.CreatedAt, g.LastUsedAt, g.RevokedAt))),
            Stream(database.OpenIdConsents.Where(c => c.UserId == id).OrderBy(c => c.ClientId)
                .Join(
                    database.OpenIdClients,
                    consent => consent.ClientId,
                    client => client.Id,
                    (consent, client) => new PersonalConsent(client.Name, consent.Scopes, consent.GrantedAt))),
            Stream(database.Flows.Where(f => f.UserId == id).OrderBy(f => f.Id)
                .Select(f => new PersonalSignIn(f.Id, f.Identifier, f.CreatedAt, f.ExpiresAt))),
            Stream(database.AddressChanges.Where(c => c.UserId == id).OrderBy(c => c.Id)
                .Select(c => new PersonalAddressChange(c.PreviousAddress, c.NewAddress, c.CreatedAt, c.ExpiresAt))),
            Stream(database.OutboxMails.Where(m => m.UserId == id).OrderBy(m => m.Id)
                .Select(m => new PersonalMail(m.Recipient, m.Subject, m.CreatedAt, m.SentAt))),
            Stream(database.SecurityEvents.Where(e => e.SubjectId == id).OrderBy(e => e.OccurredAt)
                .Select(e => new PersonalEvent(e.OccurredAt, e.Kind, e.Outcome, e.ActorId == id, e.IpAddress, e.Reason))));
    }
}

/// <summary>What became of a wish for one's data.</summary>
public enum PersonalDataResult
{
    /// <summary>It was written.</summary>
    Written = 0,

    /// <summary>The person must sign in again first.</summary>
    SignInNeeded = 1,

    /// <summary>The session is no longer live.</summary>
    SignedOut = 2,
}
