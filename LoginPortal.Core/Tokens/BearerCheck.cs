using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Tokens;

/// <summary>
/// Finds out who sends an access token or an API key, and enters their tenant. A session that has ended anywhere is refused by the next
/// request: nothing is remembered in between.
/// </summary>
public sealed class BearerCheck(
    AccessTokens accessTokens, ApiKeys apiKeys, TenantDirectory tenants, TenantContext tenantContext, SessionService sessions)
{
    /// <summary>The sender of an access token; <see langword="null"/> if it does not hold or its session is over.</summary>
    public async Task<Bearer?> CheckTokenAsync(string? token, CancellationToken cancellationToken)
    {
        if (await accessTokens.ReadAsync(token, acceptExpired: false, cancellationToken) is not { } content
            || !await EnterAsync(content.TenantId, content.SessionId is not null, cancellationToken))
        {
            return null;
        }

        return content switch
        {
            { Scope: TokenScope.Enrolment, Handle.Length: > 0 } => new Bearer(content.UserId, Session: null, content),
            { Scope: TokenScope.Account, SessionId: { } id } when await sessions.FindAsync(id, cancellationToken) is { } session
                && session.UserId == content.UserId => new Bearer(content.UserId, session, content),
            _ => null,
        };
    }

    /// <summary>The sender of an API key; <see langword="null"/> if it is unknown or over.</summary>
    public async Task<Bearer?> CheckApiKeyAsync(string? key, CancellationToken cancellationToken) =>
        await apiKeys.FindAsync(key, cancellationToken) is var (tenantId, sessionId)
        && await EnterAsync(tenantId, hasSession: true, cancellationToken)
        && await sessions.FindAsync(sessionId, cancellationToken) is { } session
            ? new Bearer(session.UserId, session, Token: null)
            : null;

    /// <summary>Enters the tenant. Whether it is active is asked with the session, where there is one: then its policy and look may come from memory.</summary>
    private async Task<bool> EnterAsync(Guid tenantId, bool hasSession, CancellationToken cancellationToken)
    {
        // What the address of the request names has been entered already; a credential of another tenant means nothing there.
        if (tenantContext.Current is { } entered)
        {
            return entered.Id == tenantId;
        }

        var found = hasSession ? tenants.FindKnownAsync(tenantId, cancellationToken) : tenants.FindByIdAsync(tenantId, cancellationToken);
        if (await found is not { } tenant)
        {
            return false;
        }

        tenantContext.Set(tenant);
        return true;
    }
}

/// <summary>Who sends a request.</summary>
/// <param name="UserId">The person.</param>
/// <param name="Session">Their live session; <see langword="null"/> while they may do nothing but set up a second factor.</param>
/// <param name="Token">What their access token says; <see langword="null"/> for an API key.</param>
public sealed record Bearer(Guid UserId, ActiveSession? Session, AccessTokenContent? Token);
