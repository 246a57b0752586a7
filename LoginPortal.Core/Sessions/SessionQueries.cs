using System.Linq.Expressions;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Sessions;

/// <summary>What every request of a signed-in person asks: the session, and the person in it.</summary>
internal sealed class SessionQueries
{
    private static readonly Expression<Func<Session, Row>> Columns = session => new Row(
        session.Id,
        session.AuthenticatedAt,
        session.LastSeenAt,
        session.ExpiresAt,
        session.IdleSeconds,
        session.IsRemembered,
        session.AuthenticationMethods,
        session.AuthenticationContextClass,
        new PersonProfile(
            session.UserId,
            session.User!.Email ?? "",
            session.User.EmailConfirmed,
            session.User.GivenName,
            session.User.FamilyName,
            session.User.Language,
            session.User.Role,
            session.User.CreatedAt,
            session.User.LastSignInAt));

    /// <summary>The session with this token's hash, unless it has ended or run out, or its person may not sign in.</summary>
    public Func<PortalDbContext, string, DateTimeOffset, CancellationToken, Task<Row?>> ByToken { get; } = EF.CompileAsyncQuery(
        (PortalDbContext database, string tokenHash, DateTimeOffset now, CancellationToken _) => database.Sessions.AsNoTracking()
            .Where(s => s.TokenHash == tokenHash && s.EndedAt == null && s.ExpiresAt > now && s.User!.DisabledAt == null)
            .Select(Columns)
            .SingleOrDefault());

    /// <summary>The same by its identifier, once its ticket has been redeemed, and in an active tenant: whoever comes with a token was not asked for that.</summary>
    public Func<PortalDbContext, Guid, DateTimeOffset, CancellationToken, Task<Row?>> ById { get; } = EF.CompileAsyncQuery(
        (PortalDbContext database, Guid id, DateTimeOffset now, CancellationToken _) => database.Sessions.AsNoTracking()
            .Where(s => s.Id == id && s.TokenHash != null && s.EndedAt == null && s.ExpiresAt > now && s.User!.DisabledAt == null
                && database.Tenants.Any(tenant => tenant.Id == s.TenantId && tenant.Status == TenantStatus.Active))
            .Select(Columns)
            .SingleOrDefault());

    /// <summary>A handoff ticket of this browser that can still be redeemed, and its session, both to be changed.</summary>
    public Func<PortalDbContext, string, string, DateTimeOffset, CancellationToken, Task<Handoff?>> Handoffs { get; } = EF.CompileAsyncQuery(
        (PortalDbContext database, string ticketHash, string bindingHash, DateTimeOffset now, CancellationToken _) => database.HandoffTickets
            .Where(t => t.TicketHash == ticketHash && t.BindingHash == bindingHash && t.ExpiresAt > now)
            .Join(database.Sessions, ticket => ticket.SessionId, session => session.Id, (ticket, session) => new Handoff(ticket, session))
            .SingleOrDefault());

    /// <summary>The queries for an engine.</summary>
    public static SessionQueries Of(PortalDbContext database) => CompiledQueries<SessionQueries>.For(database);

    /// <summary>A ticket, and what it opens.</summary>
    internal sealed record Handoff(HandoffTicket Ticket, Session Session);

    /// <summary>What they answer of a session.</summary>
    internal sealed record Row(
        Guid Id,
        DateTimeOffset AuthenticatedAt,
        DateTimeOffset LastSeenAt,
        DateTimeOffset ExpiresAt,
        int IdleSeconds,
        bool IsRemembered,
        IReadOnlyList<string> AuthenticationMethods,
        string AuthenticationContextClass,
        PersonProfile Person);
}
