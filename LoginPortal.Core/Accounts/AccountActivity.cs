using LoginPortal.Core.AddressChanges;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Accounts;

/// <summary>What happened to a person's account, and what to do if it was not them. Each call works in a scope of its own.</summary>
public sealed class AccountActivity(OwnAccounts accounts, IpPlaces places, Outbox outbox, TimeProvider time)
{
    /// <summary>How many events are shown at once.</summary>
    public const int PageSize = 20;

    /// <summary>The most administrators that are told.</summary>
    private const int MaximumAdministrators = 20;

    /// <summary>What was added so long before an event may have come with it.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    /// <summary>The events, the newest first.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="before">The oldest event of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns><see langword="null"/> if the session is no longer live.</returns>
    public Task<ActivityList?> ShowAsync(Guid tenantId, Guid sessionId, Guid? before, CancellationToken cancellationToken) => accounts.RunAsync(
        tenantId,
        sessionId,
        needsFresh: false,
        async (account, cancellation) =>
        {
            var own = account.Database.SecurityEvents.AsNoTracking().Where(e => e.SubjectId == account.User.Id);
            if (before is { } id && await own.Where(e => e.Id == id).Select(e => (DateTimeOffset?)e.OccurredAt).SingleOrDefaultAsync(cancellation) is { } at)
            {
                own = own.Where(e => e.OccurredAt < at);
            }

            var events = await own.OrderByDescending(e => e.OccurredAt).Take(PageSize + 1).ToListAsync(cancellation);
            return (ActivityList?)new ActivityList(
                [
                    .. events.Take(PageSize).Select(e => new ActivityView(
                        e.Id,
                        e.Kind,
                        e.Outcome,
                        e.IpAddress,
                        places.Find(e.IpAddress),
                        TimeZones.In(account.User.TimeZone, e.OccurredAt),
                        e.SessionId == sessionId)),
                ],
                events.Count > PageSize);
        },
        null,
        null,
        cancellationToken);

    /// <summary>
    /// Takes the account back from somebody else: every session ends, also this one; no device is trusted; the password opens nothing any more, and a
    /// link to a new one is mailed; keys, apps and codes that came with the event or after it are removed. The tenant's administrators are told.
    /// </summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="eventId">What was not the person.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    /// <returns><see langword="false"/> if the session is no longer live, or there is no such event.</returns>
    public Task<bool> ReportAsync(Guid tenantId, Guid sessionId, Guid eventId, RequestFacts facts, CancellationToken cancellationToken) => accounts.RunAsync(
        tenantId, sessionId, needsFresh: false, (account, cancellation) => ReportAsync(account, eventId, facts, cancellation), false, false, cancellationToken);

    private async Task<bool> ReportAsync(OwnAccount account, Guid eventId, RequestFacts facts, CancellationToken cancellationToken)
    {
        var (database, tenant, user, now) = (account.Database, account.Tenant, account.User, time.GetUtcNow());
        if (await database.SecurityEvents.AsNoTracking()
            .SingleOrDefaultAsync(e => e.Id == eventId && e.SubjectId == user.Id, cancellationToken) is not { } incident)
        {
            return false;
        }

        var since = incident.OccurredAt - Margin;
        try
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            (user.PasswordHash, user.PasswordChangedAt, user.RegistrationFlowId) = (null, now, null);
            user.SecurityStamp = Secret.Create();
            user.ConcurrencyStamp = Secret.Create();

            // The person's row first, as with a new password: a sign-in that is under way waits for it and then gives up.
            await database.SaveChangesAsync(cancellationToken);
            await SessionService.EndAllAsync(database, user.Id, SessionEndReason.IncidentReported, now, cancellationToken);
            await database.TrustedDevices.Where(device => device.UserId == user.Id).ExecuteDeleteAsync(cancellationToken);
            await database.Passkeys.Where(key => key.UserId == user.Id && key.CreatedAt >= since).ExecuteDeleteAsync(cancellationToken);
            await database.Authenticators.Where(app => app.UserId == user.Id && app.CreatedAt >= since).ExecuteDeleteAsync(cancellationToken);
            await database.RecoveryCodes.Where(code => code.UserId == user.Id && code.CreatedAt >= since).ExecuteDeleteAsync(cancellationToken);
            await AddressChangeLinks.EndPendingAsync(database, user.Id, cancellationToken);
            account.Record(SecurityEventKind.IncidentReported, facts);
            await TellAsync(account, incident, facts, now, cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            await SecondFactors.ForgetStandInsAsync(database, user.Id, cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return true;
        }
        catch (DbUpdateConcurrencyException)
        {
            // The account was changed at the same moment; everything was rolled back, and the button works again.
            return false;
        }
    }

    private async Task TellAsync(OwnAccount account, SecurityEvent incident, RequestFacts facts, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (database, tenant, user, lifetime) = (account.Database, account.Tenant, account.User, PasswordRecovery.LinkLifetime);
        var token = await AccountLinks.ReplaceAsync(
            database, tenant.Id, user.Id, OneTimeLinkPurpose.PasswordReset, now, lifetime, cancellationToken);
        var draft = new MailDraft("IncidentReported")
        {
            Link = $"reset-password?token={token}",
            Language = facts.Language,
            Values = [(int)lifetime.TotalMinutes],
        };
        await outbox.AddAsync(database, tenant, user, draft, cancellationToken);
        var administrators = await database.Users
            .Where(u => u.Role != PortalRole.Member && u.Id != user.Id && u.DisabledAt == null && u.EmailConfirmed)
            .OrderBy(u => u.Id)
            .Take(MaximumAdministrators)
            .ToListAsync(cancellationToken);
        foreach (var administrator in administrators)
        {
            var notice = new MailDraft("IncidentOfMember") { Values = [user.DisplayName, incident.OccurredAt, incident.IpAddress ?? "-"] };
            await outbox.AddAsync(database, tenant, administrator, notice, cancellationToken);
        }
    }
}

/// <summary>A page of events.</summary>
/// <param name="Events">The events, the newest first.</param>
/// <param name="HasMore">Whether there are older ones.</param>
public sealed record ActivityList(IReadOnlyList<ActivityView> Events, bool HasMore);

/// <summary>Something that happened to an account.</summary>
/// <param name="Id">The event.</param>
/// <param name="Kind">What, one of <see cref="SecurityEventKind"/>.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="IpAddress">The network address it came from.</param>
/// <param name="Place">Where that is, if it is known.</param>
/// <param name="OccurredAt">When, in the person's time zone.</param>
/// <param name="IsOfThisSession">Whether it was in the session that asks.</param>
public sealed record ActivityView(
    Guid Id, string Kind, SecurityEventOutcome Outcome, string? IpAddress, string? Place, DateTimeOffset OccurredAt, bool IsOfThisSession);
