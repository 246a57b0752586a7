using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tokens;

/// <summary>The API keys of the people of the current tenant.</summary>
public sealed class ApiKeys(PortalDbContext database, SessionService sessions, SecurityEventWriter events, TimeProvider time)
{
    private const string Prefix = "lpk_";

    /// <summary>The tenant and the session that a key opens; <see langword="null"/> if it is unknown or too old. Needs no tenant.</summary>
    public async Task<(Guid TenantId, Guid SessionId)?> FindAsync(string? key, CancellationToken cancellationToken)
    {
        var (hash, now) = (Secret.Hash(key ?? ""), time.GetUtcNow());
        var found = await database.ApiKeys.IgnoreQueryFilters().AsNoTracking()
            .Where(k => k.KeyHash == hash && k.ExpiresAt > now)
            .Select(k => new { k.TenantId, k.SessionId })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null ? null : (found.TenantId, found.SessionId);
    }

    /// <summary>Makes a key. Needs a fresh sign-in.</summary>
    /// <param name="sessionId">The session of the person who wants it.</param>
    /// <param name="name">What they call it.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ApiKeyResult> CreateAsync(Guid sessionId, string name, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(facts);
        var now = time.GetUtcNow();
        var cleanName = name.Trim();
        if (cleanName.Length is 0 or > ApiKey.MaximumNameLength || cleanName.Any(char.IsControl))
        {
            return new ApiKeyResult.NameNotAllowed();
        }

        var session = await database.Sessions.AsNoTracking().SingleAsync(s => s.Id == sessionId, cancellationToken);
        if (now - session.AuthenticatedAt > AccountSecurity.FreshFor)
        {
            return new ApiKeyResult.SignInNeeded();
        }

        if (await database.ApiKeys.CountAsync(k => k.UserId == session.UserId && k.ExpiresAt > now, cancellationToken) >= ApiKey.MaximumPerPerson)
        {
            return new ApiKeyResult.TooMany();
        }

        var secret = Prefix + Secret.Create();
        var own = new Session
        {
            Id = Guid.CreateVersion7(now),
            TenantId = session.TenantId,
            UserId = session.UserId,
            TokenHash = Secret.Hash(Secret.Create()),
            CreatedAt = now,
            AuthenticatedAt = session.AuthenticatedAt,
            LastSeenAt = now,
            ExpiresAt = now + ApiKey.Lifetime,
            IdleSeconds = (int)ApiKey.Lifetime.TotalSeconds,
            IsRemembered = true,
            AuthenticationMethods = session.AuthenticationMethods,
            AuthenticationContextClass = session.AuthenticationContextClass,
            IpAddress = facts.IpAddress,
            UserAgent = facts.UserAgent,
            DeviceLabel = cleanName,
        };
        var key = new ApiKey
        {
            Id = Guid.CreateVersion7(now),
            TenantId = session.TenantId,
            UserId = session.UserId,
            SessionId = own.Id,
            Name = cleanName,
            KeyHash = Secret.Hash(secret),
            CreatedAt = now,
            ExpiresAt = own.ExpiresAt,
        };
        database.Sessions.Add(own);
        database.ApiKeys.Add(key);
        events.Record(
            database,
            session.TenantId,
            SecurityEventKind.ApiKeyCreated,
            SecurityEventOutcome.Success,
            facts,
            subjectId: session.UserId,
            actorId: session.UserId,
            sessionId: sessionId);
        await database.SaveChangesAsync(cancellationToken);
        return new ApiKeyResult.Created(key, secret);
    }

    /// <summary>The person's keys that work, the oldest first.</summary>
    public async Task<IReadOnlyList<ApiKey>> ListAsync(Guid userId, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return await database.ApiKeys.AsNoTracking()
            .Where(k => k.UserId == userId && k.ExpiresAt > now && database.Sessions.Any(s => s.Id == k.SessionId && s.EndedAt == null))
            .OrderBy(k => k.Id)
            .ToListAsync(cancellationToken);
    }

    /// <summary>Ends a key and its session.</summary>
    /// <returns><see langword="false"/> if the person has no such key.</returns>
    public async Task<bool> DeleteAsync(Guid userId, Guid keyId, RequestFacts facts, CancellationToken cancellationToken)
    {
        if (await database.ApiKeys.SingleOrDefaultAsync(k => k.Id == keyId && k.UserId == userId, cancellationToken) is not { } key)
        {
            return false;
        }

        database.ApiKeys.Remove(key);
        await sessions.EndAsync(key.SessionId, SessionEndReason.ApiKeyDeleted, facts, cancellationToken);
        return true;
    }
}

/// <summary>What became of the wish for a key. A closed family.</summary>
public abstract record ApiKeyResult
{
    private ApiKeyResult()
    {
    }

    /// <summary>It is made.</summary>
    /// <param name="Key">The key as it is kept.</param>
    /// <param name="Secret">The key itself; it cannot be read again.</param>
    public sealed record Created(ApiKey Key, string Secret) : ApiKeyResult
    {
        /// <summary>Without the key: records print themselves into logs.</summary>
        public override string ToString() => nameof(Created);
    }

    /// <summary>The name is empty, too long or holds control characters.</summary>
    public sealed record NameNotAllowed : ApiKeyResult;

    /// <summary>The person must sign in again first.</summary>
    public sealed record SignInNeeded : ApiKeyResult;

    /// <summary>The person has as many keys as they may.</summary>
    public sealed record TooMany : ApiKeyResult;
}
