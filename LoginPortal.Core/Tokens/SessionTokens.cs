using System.Text.Json;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Secret = LoginPortal.Core.Data.Secret;

namespace LoginPortal.Core.Tokens;

/// <summary>
/// The pair of tokens that a client holds for a session. A refresh token is spent by a conditional statement in the transaction that makes
/// the next one; using a spent one ends the session, because one of two holders is a thief (RFC 9700, 4.14.2). Only a retry of the very
/// same client within ten seconds, whose response was lost, gets the same answer again. Each call works in a scope of its own.
/// </summary>
public sealed class SessionTokens(
    IServiceScopeFactory scopes, AccessTokens accessTokens, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>How long a client that did not get its answer can ask for it again.</summary>
    public static readonly TimeSpan RetryWindow = TimeSpan.FromSeconds(10);

    private readonly IDataProtector _protector = protection.CreateProtector("LoginPortal.Tokens.RefreshAnswer.v1");

    /// <summary>The first pair of a session that has just been opened.</summary>
    public async Task<TokenPair> IssueAsync(Guid tenantId, Guid sessionId, string contract, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.EnterTenantAsync(tenantId, cancellationToken);
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var session = await CompiledQueries<Queries>.For(database).Session(database, sessionId, cancellationToken);
        var access = await accessTokens.IssueAsync(session, contract, cancellationToken);
        var refresh = Secret.Create();
        database.RefreshTokens.Add(Create(session, refresh, contract));
        await database.SaveChangesAsync(cancellationToken);
        return new TokenPair(session.Id, session.UserId, access, refresh);
    }

    /// <summary>Exchanges a refresh token for the next pair.</summary>
    /// <param name="tenantId">The tenant that the request names; <see langword="null"/> where the token alone says it.</param>
    /// <param name="sessionId">The session that the request names beside it; <see langword="null"/> for none.</param>
    /// <param name="token">The refresh token.</param>
    /// <param name="contract">The contract it was presented in.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; the token may then be spent, and a retry gets its answer.</param>
    /// <returns><see langword="null"/> if it is unknown, spent, expired, of another tenant or contract, or its session is over.</returns>
    public async Task<TokenPair?> RefreshAsync(
        Guid? tenantId, Guid? sessionId, string? token, string contract, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var hash = Secret.Hash(token ?? "");
        var now = time.GetUtcNow();
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        if (await CompiledQueries<Queries>.For(database).Presented(database, hash, now, cancellationToken) is not var (row, holder)
            || row.Contract != contract || (tenantId is { } tenant && tenant != row.TenantId) || (sessionId is { } named && named != row.SessionId)
            || row.ExpiresAt <= now
            || !await scope.ServiceProvider.GetRequiredService<SessionService>().UseAsync(holder, cancellationToken))
        {
            return null;
        }

        return row.SpentAt is null && await SpendAsync(database, row, holder, facts, cancellationToken) is { } next
            ? next
            : await AnswerSpentAsync(scope, row, facts, cancellationToken);
    }

    /// <summary>The refresh tokens of a session that can still be used, the oldest first.</summary>
    public async Task<IReadOnlyList<RefreshToken>> ListAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.EnterTenantAsync(tenantId, cancellationToken);
        var now = time.GetUtcNow();
        return await scope.ServiceProvider.GetRequiredService<PortalDbContext>().RefreshTokens.AsNoTracking()
            .Where(token => token.SessionId == sessionId && token.SpentAt == null && token.ExpiresAt > now)
            .OrderBy(token => token.Id)
            .ToListAsync(cancellationToken);
    }

    private async Task<TokenPair?> SpendAsync(
        PortalDbContext database, RefreshToken row, Session session, RequestFacts facts, CancellationToken cancellationToken)
    {
        var pair = new TokenPair(session.Id, session.UserId, await accessTokens.IssueAsync(session, row.Contract, cancellationToken), Secret.Create());
        row.SpentAt = time.GetUtcNow();
        row.SpentBy = ClientOf(facts);
        row.ProtectedAnswer = _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(pair));
        return await database.TryReplaceRefreshTokenAsync(row, Create(session, pair.RefreshToken, row.Contract), cancellationToken) ? pair : null;
    }

    private async Task<TokenPair?> AnswerSpentAsync(AsyncServiceScope scope, RefreshToken row, RequestFacts facts, CancellationToken cancellationToken)
    {
        if (await scope.EnterTenantAsync(row.TenantId, cancellationToken) is null)
        {
            return null;
        }

        var spent = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().RefreshTokens.AsNoTracking()
            .SingleAsync(r => r.Id == row.Id, cancellationToken);
        if (spent is { SpentAt: { } at, ProtectedAnswer: { } answer } && at + RetryWindow > time.GetUtcNow() && spent.SpentBy == ClientOf(facts))
        {
            return JsonSerializer.Deserialize<TokenPair>(_protector.Unprotect(answer));
        }

        await scope.ServiceProvider.GetRequiredService<SessionService>()
            .EndAsync(spent.SessionId, SessionEndReason.RefreshTokenReused, facts, cancellationToken);
        return null;
    }

    private static string ClientOf(RequestFacts facts) => Secret.Hash($"{facts.IpAddress}\n{facts.UserAgent}");

    private RefreshToken Create(Session session, string token, string contract)
    {
        var now = time.GetUtcNow();
        return new RefreshToken
        {
            Id = Guid.CreateVersion7(now),
            TenantId = session.TenantId,
            SessionId = session.Id,
            TokenHash = Secret.Hash(token),
            Contract = contract,
            CreatedAt = now,
            ExpiresAt = session.ExpiresAt,
        };
    }

    /// <summary>A refresh token and the live session that it is of.</summary>
    private sealed record PresentedToken(RefreshToken Token, Session Session);

    private sealed class Queries
    {
        /// <summary>From all tenants: the token alone may say which.</summary>
        public Func<PortalDbContext, string, DateTimeOffset, CancellationToken, Task<PresentedToken?>> Presented { get; } = EF.CompileAsyncQuery(
            (PortalDbContext database, string hash, DateTimeOffset now, CancellationToken _) => database.RefreshTokens.IgnoreQueryFilters().AsNoTracking()
                .Where(token => token.TokenHash == hash)
                .Join(
                    database.Sessions.Where(s => s.TokenHash != null && s.EndedAt == null && s.ExpiresAt > now && s.User!.DisabledAt == null
                        && database.Tenants.Any(tenant => tenant.Id == s.TenantId && tenant.Status == TenantStatus.Active)),
                    token => token.SessionId,
                    session => session.Id,
                    (token, session) => new PresentedToken(token, session))
                .SingleOrDefault());

        public Func<PortalDbContext, Guid, CancellationToken, Task<Session>> Session { get; } = EF.CompileAsyncQuery(
            (PortalDbContext database, Guid id, CancellationToken _) => database.Sessions.AsNoTracking().Single(session => session.Id == id));
    }
}

/// <summary>What a client holds for a session.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="UserId">The person.</param>
/// <param name="Access">The access token.</param>
/// <param name="RefreshToken">The refresh token; only its hash is kept.</param>
public sealed record TokenPair(Guid SessionId, Guid UserId, AccessToken Access, string RefreshToken)
{
    /// <summary>Without the tokens: records print themselves into logs.</summary>
    public override string ToString() => $"{nameof(TokenPair)} of session {SessionId}";
}
