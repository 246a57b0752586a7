using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.TrustedDevices;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Sessions;

/// <summary>Redeems, finds and ends the sessions of the current tenant.</summary>
public sealed class SessionService(
    PortalDbContext database, TrustedDeviceRegister trustedDevices, SecurityEventWriter events, TimeProvider time)
{
    /// <summary>How old <see cref="Session.LastSeenAt"/> may be before a request writes it again.</summary>
    private static readonly TimeSpan LastSeenPrecision = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Spends a handoff ticket and gives its session the token that the browser will hold. The ticket's row is deleted by a
    /// conditional statement, so that of two parallel attempts one gets the token and the other nothing.
    /// </summary>
    /// <param name="ticket">The ticket as the sign-in returned it.</param>
    /// <param name="bindingHash">SHA-256 of the redeeming browser's binding cookie.</param>
    /// <param name="presentSessionIds">The sessions that this browser has; one of the same person is ended, those of others stay.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; nothing is spent then.</param>
    /// <returns><see langword="null"/> if the ticket is unknown, spent, expired, of another browser or of another tenant.</returns>
    public async Task<RedeemedSession?> RedeemAsync(
        string ticket, string bindingHash, IReadOnlyCollection<Guid> presentSessionIds, RequestFacts facts, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await SessionQueries.Of(database).Handoffs(database, Secret.Hash(ticket), bindingHash, now, cancellationToken) is not { } handoff)
        {
            return null;
        }

        var (token, session) = (Secret.Create(), handoff.Session);
        database.HandoffTickets.Remove(handoff.Ticket);
        session.TokenHash = Secret.Hash(token);
        session.LastSeenAt = now;

        // What is saved is one transaction anyway; whatever fails here rolls everything back.
        database.Database.AutoSavepointsEnabled = false;
        await using var transaction = presentSessionIds.Count > 0 ? await database.Database.BeginTransactionAsync(cancellationToken) : null;
        if (transaction is not null)
        {
            foreach (var present in presentSessionIds)
            {
                await SessionGrants.MoveAsync(database, present, session.Id, session.UserId, cancellationToken);
            }

            await EndCoreAsync(s => s.UserId == session.UserId && presentSessionIds.Contains(s.Id), SessionEndReason.Replaced, facts, cancellationToken);
        }

        var device = handoff.Ticket.TrustDevice ? trustedDevices.Trust(session) : null;
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            // Somebody redeemed the ticket at the same moment. Theirs stands.
            database.ChangeTracker.Clear();
            return null;
        }

        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
        }

        return new RedeemedSession(session.Id, token, session.ExpiresAt, session.IsRemembered, device)
        {
            UserId = session.UserId,
            AuthenticationMethods = session.AuthenticationMethods,
        };
    }

    /// <summary>The live session with this token, and a note that it was used.</summary>
    /// <returns><see langword="null"/> if there is none: unknown, ended, expired, idle for too long, account disabled.</returns>
    public Task<ActiveSession?> FindAsync(string token, CancellationToken cancellationToken)
    {
        var tokenHash = Secret.Hash(token);
        return FindAsync(SessionQueries.Of(database).ByToken(database, tokenHash, time.GetUtcNow(), cancellationToken), countsAsUse: true, cancellationToken);
    }

    /// <summary>The live session with this token, where it is not the person who asks: nothing is noted, so that it can end for want of use.</summary>
    /// <returns><see langword="null"/> if there is none, as with <see cref="FindAsync(string, CancellationToken)"/>.</returns>
    public Task<ActiveSession?> LookAsync(string token, CancellationToken cancellationToken)
    {
        var tokenHash = Secret.Hash(token);
        return FindAsync(SessionQueries.Of(database).ByToken(database, tokenHash, time.GetUtcNow(), cancellationToken), countsAsUse: false, cancellationToken);
    }

    /// <summary>The live session with this identifier, and a note that it was used: for whoever has proved to hold it by other means.</summary>
    /// <returns><see langword="null"/> if there is none, as with a token.</returns>
    public Task<ActiveSession?> FindAsync(Guid sessionId, CancellationToken cancellationToken) =>
        FindAsync(SessionQueries.Of(database).ById(database, sessionId, time.GetUtcNow(), cancellationToken), countsAsUse: true, cancellationToken);

    private async Task<ActiveSession?> FindAsync(Task<SessionQueries.Row?> query, bool countsAsUse, CancellationToken cancellationToken)
    {
        if (await query is not { } session || !await CheckUseAsync(session.Id, session.LastSeenAt, session.IdleSeconds, countsAsUse, cancellationToken))
        {
            return null;
        }

        return new ActiveSession(
            session.Id,
            session.Person,
            session.AuthenticatedAt,
            session.ExpiresAt,
            session.IsRemembered,
            session.AuthenticationMethods,
            session.AuthenticationContextClass);
    }

    /// <summary>Whether a session was used so recently that nothing is to be noted and nothing else to be asked.</summary>
    internal static bool IsFresh(DateTimeOffset lastSeenAt, int idleSeconds, DateTimeOffset now) =>
        now - lastSeenAt < LastSeenPrecision && lastSeenAt.AddSeconds(idleSeconds) > now;

    /// <summary>Notes that a session, found to be live but for that, was used.</summary>
    /// <returns>Whether it had been used recently enough to be so still.</returns>
    internal Task<bool> UseAsync(Session session, CancellationToken cancellationToken) =>
        CheckUseAsync(session.Id, session.LastSeenAt, session.IdleSeconds, countsAsUse: true, cancellationToken);

    private async Task<bool> CheckUseAsync(Guid id, DateTimeOffset lastSeenAt, int idleSeconds, bool countsAsUse, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (IsFresh(lastSeenAt, idleSeconds, now))
        {
            return true;
        }

        if (lastSeenAt.AddSeconds(idleSeconds) <= now)
        {
            return false;
        }

        if (countsAsUse)
        {
            // Whoever calls knows the session already, and so its tenant.
            await database.Sessions.IgnoreQueryFilters()
                .Where(s => s.Id == id && s.LastSeenAt < now)
                .ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, now), cancellationToken);
        }

        return true;
    }

    /// <summary>
    /// The sessions with these tokens, for a person who chooses between them; looking does not count as use. Ended ones are not among them. A remembered
    /// one that has run out is, because the person wanted to be known here.
    /// </summary>
    public async Task<IReadOnlyList<HeldSession>> ListAsync(IReadOnlyCollection<string> tokens, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Count == 0)
        {
            return [];
        }

        var now = time.GetUtcNow();
        var held = tokens.Distinct(StringComparer.Ordinal).ToDictionary(Secret.Hash, token => token, StringComparer.Ordinal);
        List<string> hashes = [.. held.Keys];
        var found = await database.Sessions.AsNoTracking()
            .Where(s => hashes.Contains(s.TokenHash!) && s.EndedAt == null && s.User!.DisabledAt == null)
            .Select(s => new { s.TokenHash, s.Id, s.UserId, s.ExpiresAt, s.LastSeenAt, s.IdleSeconds, s.IsRemembered, s.User!.Email, s.User.GivenName, s.User.FamilyName })
            .ToListAsync(cancellationToken);
        return
        [
            .. found
                .Select(s => new HeldSession(
                    held[s.TokenHash!],
                    s.Id,
                    s.UserId,
                    s.Email ?? "",
                    PersonName.Of(s.GivenName, s.FamilyName, s.Email),
                    s.LastSeenAt,
                    IsLive: s.ExpiresAt > now && s.LastSeenAt.AddSeconds(s.IdleSeconds) > now,
                    s.IsRemembered))
                .Where(s => s.IsLive || s.IsRemembered)
                .OrderByDescending(s => s.LastSeenAt),
        ];
    }

    /// <summary>Whether the session is still live. Unlike a request, asking does not count as use.</summary>
    public async Task<bool> IsLiveAsync(Guid sessionId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var session = await database.Sessions.AsNoTracking()
            .Where(s => s.Id == sessionId && s.TokenHash != null && s.EndedAt == null && s.ExpiresAt > now && s.User!.DisabledAt == null)
            .Select(s => new { s.LastSeenAt, s.IdleSeconds })
            .SingleOrDefaultAsync(cancellationToken);
        return session is not null && session.LastSeenAt.AddSeconds(session.IdleSeconds) > now;
    }

    /// <summary>Ends a session. Ending one that has ended already changes nothing.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="reason">One of <see cref="SessionEndReason"/>.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task EndAsync(Guid sessionId, string reason, RequestFacts facts, CancellationToken cancellationToken)
    {
        await using var transaction = database.Database.CurrentTransaction is null ? await database.Database.BeginTransactionAsync(cancellationToken) : null;
        await EndCoreAsync(session => session.Id == sessionId, reason, facts, cancellationToken);
        await database.SaveChangesAsync(cancellationToken);
        if (transaction is not null)
        {
            await transaction.CommitAsync(cancellationToken);
        }
    }

    /// <summary>Ends every session of a person, in the caller's transaction.</summary>
    /// <param name="database">The caller's context.</param>
    /// <param name="userId">The person.</param>
    /// <param name="reason">One of <see cref="SessionEndReason"/>.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="keptId">One that goes on. Default none.</param>
    public static async Task<int> EndAllAsync(
        PortalDbContext database, Guid userId, string reason, DateTimeOffset now, CancellationToken cancellationToken, Guid? keptId = null)
    {
        ArgumentNullException.ThrowIfNull(database);
        var kept = keptId ?? Guid.Empty;
        var ended = await database.Sessions
            .Where(session => session.UserId == userId && session.EndedAt == null && session.Id != kept)
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(session => session.EndedAt, now)
                    .SetProperty(session => session.EndReason, reason)
                    .SetProperty(session => session.TokenHash, (string?)null),
                cancellationToken);
        await SessionGrants.NoteEndOfAllAsync(database, userId, now, cancellationToken);
        return ended;
    }

    private async Task EndCoreAsync(
        System.Linq.Expressions.Expression<Func<Session, bool>> which, string reason, RequestFacts facts, CancellationToken cancellationToken)
    {
        foreach (var session in await database.Sessions.Where(which).Where(s => s.EndedAt == null).ToListAsync(cancellationToken))
        {
            session.EndedAt = time.GetUtcNow();
            session.EndReason = reason;
            session.TokenHash = null;
            await SessionGrants.NoteEndAsync(database, session.Id, time.GetUtcNow(), cancellationToken);
            events.Record(
                database,
                session.TenantId,
                SecurityEventKind.SessionEnded,
                SecurityEventOutcome.Success,
                facts,
                subjectId: session.UserId,
                actorId: session.UserId,
                sessionId: session.Id,
                reason: reason);
        }
    }
}

/// <summary>A session whose ticket has just been redeemed.</summary>
/// <param name="Id">The session.</param>
/// <param name="Token">The secret for the browser's cookie; it cannot be read again.</param>
/// <param name="ExpiresAt">When it ends whatever happens, UTC.</param>
/// <param name="IsRemembered">Whether the cookie should outlive the browser.</param>
/// <param name="TrustedDevice">The trust that the browser was given, if the person wanted it.</param>
public sealed record RedeemedSession(
    Guid Id, string Token, DateTimeOffset ExpiresAt, bool IsRemembered, NewTrustedDevice? TrustedDevice)
{
    /// <summary>The person.</summary>
    public Guid UserId { get; init; }

    /// <summary>How they proved who they are, values of RFC 8176.</summary>
    public IReadOnlyList<string> AuthenticationMethods { get; init; } = [];
}

/// <summary>A session that a browser holds, and the person in it.</summary>
/// <param name="Token">The secret in the browser's cookie.</param>
/// <param name="Id">The session.</param>
/// <param name="UserId">The person.</param>
/// <param name="Email">Their address.</param>
/// <param name="DisplayName">The name to greet them by.</param>
/// <param name="LastSeenAt">When it was last used, UTC, to the minute.</param>
/// <param name="IsLive">Whether it opens anything; if not, it has run out.</param>
/// <param name="IsRemembered">Whether the cookie outlives the browser.</param>
public sealed record HeldSession(
    string Token, Guid Id, Guid UserId, string Email, string DisplayName, DateTimeOffset LastSeenAt, bool IsLive, bool IsRemembered)
{
    /// <summary>Without the token: records print themselves into logs.</summary>
    public override string ToString() => $"{nameof(HeldSession)} {Id}";
}

/// <summary>A live session and the person in it.</summary>
/// <param name="Id">The session.</param>
/// <param name="Person">The person.</param>
/// <param name="AuthenticatedAt">When they last proved who they are, UTC.</param>
/// <param name="ExpiresAt">When the session ends whatever happens, UTC.</param>
/// <param name="IsRemembered">Whether the cookie outlives the browser.</param>
/// <param name="AuthenticationMethods">How they proved it (<c>amr</c>).</param>
/// <param name="AuthenticationContextClass">What that amounts to (<c>acr</c>).</param>
public sealed record ActiveSession(
    Guid Id,
    PersonProfile Person,
    DateTimeOffset AuthenticatedAt,
    DateTimeOffset ExpiresAt,
    bool IsRemembered,
    IReadOnlyList<string> AuthenticationMethods,
    string AuthenticationContextClass)
{
    /// <summary>The person's identifier.</summary>
    public Guid UserId => Person.Id;

    /// <summary>Their address.</summary>
    public string Email => Person.Email;

    /// <summary>The name to greet them by.</summary>
    public string DisplayName => Person.DisplayName;

    /// <summary>What they may do.</summary>
    public PortalRole Role => Person.Role;

    /// <summary>The language they chose, if any.</summary>
    public string? Language => Person.Language;
}
