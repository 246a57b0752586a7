using System.Text;
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
/// The pair of tokens that a client holds for a session. A refresh token is spent by a conditional statement that puts the next one in its
/// place; presenting a spent one ends the session, because one of two holders is a thief (RFC 9700, 4.14.2). Only a retry of the very
/// same client within ten seconds, whose response was lost, gets the same next token again. Each call works in a scope of its own.
/// </summary>
public sealed class SessionTokens(
    IServiceScopeFactory scopes, AccessTokens accessTokens, IDataProtectionProvider protection, TimeProvider time)
{
    /// <summary>How long a client that did not get its answer can ask for it again.</summary>
    public static readonly TimeSpan RetryWindow = TimeSpan.FromSeconds(10);

    /// <summary>Characters of base64url, 132 random bits: they name a chain and open nothing.</summary>
    private const int HandleLength = 22;

    private readonly IDataProtector _protector = protection.CreateProtector("LoginPortal.Tokens.RefreshToken.v1");

    /// <summary>The first pair of a session that has just been opened.</summary>
    public async Task<TokenPair> IssueAsync(Guid tenantId, Guid sessionId, string contract, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.EnterTenantAsync(tenantId, cancellationToken);
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var session = await CompiledQueries<Queries>.For(database).Session(database, sessionId, cancellationToken);
        var refresh = Secret.Create()[..HandleLength] + Secret.Create();
        var now = time.GetUtcNow();
        database.RefreshTokens.Add(new RefreshToken
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenantId,
            SessionId = sessionId,
            HandleHash = Secret.Hash(refresh[..HandleLength]),
            TokenHash = Secret.Hash(refresh),
            Contract = contract,
            CreatedAt = now,
            ExpiresAt = session.ExpiresAt,
        });
        await database.SaveChangesAsync(cancellationToken);
        return await AnswerAsync(session, contract, refresh, cancellationToken);
    }

    /// <summary>Exchanges a refresh token for the next pair.</summary>
    /// <param name="tenantId">The tenant that the request names; <see langword="null"/> where the token alone says it.</param>
    /// <param name="sessionId">The session that the request names beside it; <see langword="null"/> for none.</param>
    /// <param name="token">The refresh token.</param>
    /// <param name="contract">The contract it was presented in.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; the token may then be spent, and a retry gets the next.</param>
    /// <returns><see langword="null"/> if it is unknown, spent, expired, of another tenant or contract, or its session is over.</returns>
    public async Task<TokenPair?> RefreshAsync(
        Guid? tenantId, Guid? sessionId, string? token, string contract, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(facts);
        if (token is not { Length: > HandleLength })
        {
            return null;
        }

        var (handleHash, hash, now) = (Secret.Hash(token[..HandleLength]), Secret.Hash(token), time.GetUtcNow());
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        if (await CompiledQueries<Queries>.For(database).Presented(database, handleHash, now, cancellationToken) is not var (chain, session)
            || chain.Contract != contract || (tenantId is { } tenant && tenant != chain.TenantId) || (sessionId is { } named && named != chain.SessionId)
            || chain.ExpiresAt <= now
            || !await scope.ServiceProvider.GetRequiredService<SessionService>().UseAsync(session, cancellationToken))
        {
            return null;
        }

        var next = token[..HandleLength] + Secret.Create();
        return chain.TokenHash == hash && await TryReplaceAsync(database, chain, next, ClientOf(facts), cancellationToken)
            ? await AnswerAsync(session, contract, next, cancellationToken)
            : await AnswerSpentAsync(scope, chain, session, hash, facts, cancellationToken);
    }

    /// <summary>The refresh tokens of a session that can still be used, the oldest first.</summary>
    public async Task<IReadOnlyList<RefreshToken>> ListAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.EnterTenantAsync(tenantId, cancellationToken);
        var now = time.GetUtcNow();
        return await scope.ServiceProvider.GetRequiredService<PortalDbContext>().RefreshTokens.AsNoTracking()
            .Where(token => token.SessionId == sessionId && token.ExpiresAt > now)
            .OrderBy(token => token.Id)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Puts the next token in the place of the one that was read.</summary>
    /// <returns>Whether nobody else had done so in between.</returns>
    internal Task<bool> TryReplaceAsync(PortalDbContext database, RefreshToken chain, string next, string client, CancellationToken cancellationToken) =>
        database.TryReplaceRefreshTokenAsync(
            chain, Secret.Hash(next), time.GetUtcNow(), client, _protector.Protect(Encoding.ASCII.GetBytes(next)), cancellationToken);

    private async Task<TokenPair> AnswerAsync(Session session, string contract, string refreshToken, CancellationToken cancellationToken) =>
        new(session.Id, session.UserId, await accessTokens.IssueAsync(session, contract, cancellationToken), refreshToken);

    private async Task<TokenPair?> AnswerSpentAsync(
        AsyncServiceScope scope, RefreshToken chain, Session session, string hash, RequestFacts facts, CancellationToken cancellationToken)
    {
        if (await scope.EnterTenantAsync(chain.TenantId, cancellationToken) is null)
        {
            return null;
        }

        var standing = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().RefreshTokens.AsNoTracking()
            .SingleAsync(row => row.Id == chain.Id, cancellationToken);
        if (standing.PreviousTokenHash == hash && standing is { ProtectedToken: { } token }
            && standing.CreatedAt + RetryWindow > time.GetUtcNow() && standing.ReplacedBy == ClientOf(facts))
        {
            return await AnswerAsync(session, chain.Contract, Encoding.ASCII.GetString(_protector.Unprotect(token)), cancellationToken);
        }

        await scope.ServiceProvider.GetRequiredService<SessionService>()
            .EndAsync(chain.SessionId, SessionEndReason.RefreshTokenReused, facts, cancellationToken);
        return null;
    }

    private static string ClientOf(RequestFacts facts) => Secret.Hash($"{facts.IpAddress}\n{facts.UserAgent}");

    /// <summary>A chain and the live session that it is of.</summary>
    private sealed record PresentedToken(RefreshToken Chain, Session Session);

    private sealed class Queries
    {
        /// <summary>From all tenants: the handle alone may say which.</summary>
        public Func<PortalDbContext, string, DateTimeOffset, CancellationToken, Task<PresentedToken?>> Presented { get; } = EF.CompileAsyncQuery(
            (PortalDbContext database, string handleHash, DateTimeOffset now, CancellationToken _) => database.RefreshTokens.IgnoreQueryFilters().AsNoTracking()
                .Where(token => token.HandleHash == handleHash)
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
/// <param name="RefreshToken">The refresh token; only hashes of it are kept, and for a retry the encrypted token.</param>
public sealed record TokenPair(Guid SessionId, Guid UserId, AccessToken Access, string RefreshToken)
{
    /// <summary>Without the tokens: records print themselves into logs.</summary>
    public override string ToString() => $"{nameof(TokenPair)} of session {SessionId}";
}
