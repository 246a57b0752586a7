using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Secret = LoginPortal.Core.Data.Secret;

namespace LoginPortal.Core.Tokens;

/// <summary>
/// The pair of tokens that a client holds for a session. A refresh token is spent by a conditional statement that puts the next one in its
/// place; presenting a spent one ends the session, because one of two holders is a thief (RFC 9700, 4.14.2). Only a retry of the very
/// same client within ten seconds, whose response was lost, gets the same next token again.
/// </summary>
public sealed class SessionTokens
{
    /// <summary>How long a client that did not get its answer can ask for it again.</summary>
    public static readonly TimeSpan RetryWindow = TimeSpan.FromSeconds(10);

    /// <summary>Characters of base64url, 132 random bits: they name a chain and open nothing.</summary>
    private const int HandleLength = 22;

    private const int SaltLength = 32;

    private readonly IServiceScopeFactory _scopes;
    private readonly RefreshTokenExchange _exchange;
    private readonly AccessTokens _accessTokens;
    private readonly TimeProvider _time;

    /// <summary>One for the process.</summary>
    internal SessionTokens(
        IServiceScopeFactory scopes, RefreshTokenExchange exchange, AccessTokens accessTokens, TimeProvider time) =>
        (_scopes, _exchange, _accessTokens, _time) = (scopes, exchange, accessTokens, time);

    /// <summary>The first pair of a session that has just been opened.</summary>
    public async Task<TokenPair> IssueAsync(Guid tenantId, Guid sessionId, string contract, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        await scope.EnterTenantAsync(tenantId, cancellationToken);
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var session = await CompiledQueries<Queries>.For(database).Session(database, sessionId, cancellationToken);
        var refresh = Secret.Create()[..HandleLength] + Secret.Create();
        var now = _time.GetUtcNow();
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
    /// <param name="presented">The refresh token, and what the request names beside it.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; the token may then be spent, and a retry gets the next.</param>
    /// <returns><see langword="null"/> if it is unknown, spent, expired, of another tenant, session or contract, or its session is over.</returns>
    public async Task<TokenPair?> RefreshAsync(PresentedRefreshToken presented, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(presented);
        ArgumentNullException.ThrowIfNull(facts);
        if (presented.Token is not { Length: > HandleLength } token || (presented.TenantSlug is { } slug && !TenantSlug.IsValid(slug)))
        {
            return null;
        }

        var (hash, now) = (Secret.Hash(token), _time.GetUtcNow());
        var salt = RandomNumberGenerator.GetBytes(SaltLength);
        var successor = SuccessorOf(token, salt);
        var next = new NextToken(Secret.Hash(successor), salt, ClientOf(facts), now);
        if (await _exchange.ReplaceAsync(presented, Secret.Hash(token[..HandleLength]), hash, next, cancellationToken) is not { } standing
            || !await UseAsync(standing.Session, cancellationToken))
        {
            return null;
        }

        if (standing.TokenHash == next.TokenHash)
        {
            return await AnswerAsync(standing.Session, presented.Contract, successor, cancellationToken);
        }

        if (standing is { Salt: { } kept } && standing.PreviousTokenHash == hash && standing.ReplacedBy == next.Client
            && standing.CreatedAt + RetryWindow > now)
        {
            return await AnswerAsync(standing.Session, presented.Contract, SuccessorOf(token, kept), cancellationToken);
        }

        // Good, and not replaced: what forbade it ended between the two statements. Nobody has copied it.
        if (standing.TokenHash != hash)
        {
            await EndAsync(standing.Session, facts, cancellationToken);
        }

        return null;
    }

    /// <summary>The refresh tokens of a session that can still be used, the oldest first.</summary>
    public async Task<IReadOnlyList<RefreshToken>> ListAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        await scope.EnterTenantAsync(tenantId, cancellationToken);
        var now = _time.GetUtcNow();
        return await scope.ServiceProvider.GetRequiredService<PortalDbContext>().RefreshTokens.AsNoTracking()
            .Where(token => token.SessionId == sessionId && token.ExpiresAt > now)
            .OrderBy(token => token.Id)
            .ToListAsync(cancellationToken);
    }

    private async Task<TokenPair> AnswerAsync(Session session, string contract, string refreshToken, CancellationToken cancellationToken) =>
        new(session.Id, session.UserId, await _accessTokens.IssueAsync(session, contract, cancellationToken), refreshToken);

    private async Task<bool> UseAsync(Session session, CancellationToken cancellationToken)
    {
        if (SessionService.IsFresh(session.LastSeenAt, session.IdleSeconds, _time.GetUtcNow()))
        {
            return true;
        }

        await using var scope = _scopes.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<SessionService>().UseAsync(session, cancellationToken);
    }

    private async Task EndAsync(Session session, RequestFacts facts, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        if (await scope.EnterTenantAsync(session.TenantId, cancellationToken) is not null)
        {
            await scope.ServiceProvider.GetRequiredService<SessionService>()
                .EndAsync(session.Id, SessionEndReason.RefreshTokenReused, facts, cancellationToken);
        }
    }

    /// <summary>
    /// The token that follows another. It is made of that token and of what the database keeps, so neither whoever reads the database nor whoever finds an old
    /// token has it, and the client that presented the one gets the other again.
    /// </summary>
    private static string SuccessorOf(string token, byte[] salt) =>
        token[..HandleLength] + Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(token), salt));

    private static string ClientOf(RequestFacts facts) => Secret.Hash($"{facts.IpAddress}\n{facts.UserAgent}");

    private sealed class Queries
    {
        public Func<PortalDbContext, Guid, CancellationToken, Task<Session>> Session { get; } = EF.CompileAsyncQuery(
            (PortalDbContext database, Guid id, CancellationToken _) => database.Sessions.AsNoTracking().Single(session => session.Id == id));
    }
}

/// <summary>What a client holds for a session.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="UserId">The person.</param>
/// <param name="Access">The access token.</param>
/// <param name="RefreshToken">The refresh token; only hashes of it are kept.</param>
public sealed record TokenPair(Guid SessionId, Guid UserId, AccessToken Access, string RefreshToken)
{
    /// <summary>Without the tokens: records print themselves into logs.</summary>
    public override string ToString() => $"{nameof(TokenPair)} of session {SessionId}";
}
