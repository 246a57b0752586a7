using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;
using Secret = LoginPortal.Core.Data.Secret;

namespace LoginPortal.Core.OpenId;

/// <summary>
/// What a token is worth at this moment: the UserInfo endpoint (OpenID Connect Core 5.3), introspection (RFC 7662) and revocation (RFC 7009). A token
/// is worth nothing once its grant is revoked, its person disabled, or, without <c>offline_access</c>, its session over.
/// </summary>
public sealed class PresentedTokens(
    PortalDbContext database,
    TenantContext tenant,
    SessionService sessions,
    OpenIdTokens tokens,
    OpenIdIssuer issuers,
    DpopProofs proofs,
    SecurityEventWriter events,
    TimeProvider time)
{
    /// <summary>The claims of the person whose access token it is.</summary>
    /// <param name="token">The token.</param>
    /// <param name="isDpop">Whether it came as <c>Authorization: DPoP</c>.</param>
    /// <param name="proof">The header <c>DPoP</c>.</param>
    /// <param name="method">The method of the request.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<UserInfoResult> ReadPersonAsync(string? token, bool isDpop, string? proof, string method, CancellationToken cancellationToken)
    {
        if (await FindAsync(token, cancellationToken) is not { Grant: { } grant, Token: var jwt })
        {
            return new UserInfoResult.Refused(new(OpenIdErrorCode.InvalidToken, "The access token is unknown, expired or revoked."));
        }

        if (isDpop != (grant.DpopKeyThumbprint is not null)
            || (grant.DpopKeyThumbprint is { } bound
                && await proofs.CheckAsync(proof, method, OpenIdIssuer.UserInfoPath, token, cancellationToken) != bound))
        {
            return new UserInfoResult.Refused(new(OpenIdErrorCode.InvalidToken, "The access token is bound to a key, and the proof of it is missing or does not hold."));
        }

        if (!ScopesOf(jwt).Contains(OpenIdScope.OpenId))
        {
            return new UserInfoResult.Refused(new(OpenIdErrorCode.InsufficientScope, "The access token lacks the scope openid."));
        }

        var user = await database.Users.AsNoTracking().SingleAsync(u => u.Id == grant.UserId, cancellationToken);
        var claims = OpenIdClaims.ForUserInfo(user, grant, ScopesOf(jwt));
        claims[JwtRegisteredClaimNames.Sub] = user.Id.ToString();
        return new UserInfoResult.Found(claims);
    }

    /// <summary>What a token is worth, for a client that has proved who it is: its own tokens, and for a service the access tokens of every client.</summary>
    /// <returns>Only <c>active: false</c> for anything else, without a reason (RFC 7662, 2.2).</returns>
    public async Task<IReadOnlyDictionary<string, object>> IntrospectAsync(OpenIdClient client, string? token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var inactive = new Dictionary<string, object>(StringComparer.Ordinal) { ["active"] = false };
        if (await FindAsync(token, cancellationToken) is { } found)
        {
            return client.Kind == OpenIdClientKind.Service || JwtText.TextOf(found.Token, OpenIdTokens.ClientClaim) == client.ClientId
                ? Describe(found)
                : inactive;
        }

        var (hash, now) = (Secret.Hash(token ?? ""), time.GetUtcNow());
        var refresh = await database.OpenIdRefreshTokens.AsNoTracking()
            .SingleOrDefaultAsync(t => t.TokenHash == hash && t.SpentAt == null && t.ExpiresAt > now, cancellationToken);
        return refresh is not null && await FindGrantAsync(refresh.GrantId, cancellationToken) is { } grant && grant.ClientId == client.Id
            ? new Dictionary<string, object>(StringComparer.Ordinal)
            {
                ["active"] = true,
                ["client_id"] = client.ClientId,
                ["sub"] = grant.UserId.ToString(),
                ["scope"] = string.Join(' ', grant.Scopes),
                ["iss"] = issuers.Of(tenant.Required),
                ["exp"] = refresh.ExpiresAt.ToUnixTimeSeconds(),
            }
            : inactive;
    }

    /// <summary>Ends the grant of a token of the client's own; any other token is left alone, and the answer is the same.</summary>
    public async Task RevokeAsync(OpenIdClient client, string? token, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        var (hash, now) = (Secret.Hash(token ?? ""), time.GetUtcNow());
        var grantId = await database.OpenIdRefreshTokens.Where(t => t.TokenHash == hash).Select(t => (Guid?)t.GrantId).SingleOrDefaultAsync(cancellationToken)
            ?? (await FindAsync(token, cancellationToken))?.Grant?.Id;
        var grant = await database.OpenIdGrants.SingleOrDefaultAsync(g => g.Id == grantId && g.ClientId == client.Id && g.RevokedAt == null, cancellationToken);
        if (grant is null)
        {
            return;
        }

        grant.RevokedAt = now;
        events.Record(
            database, grant.TenantId, SecurityEventKind.ApplicationRevoked, SecurityEventOutcome.Success, facts, subjectId: grant.UserId, reason: "by_client");
        await database.SaveChangesAsync(cancellationToken);
    }

    private static Dictionary<string, object> Describe(FoundToken found)
    {
        var payload = JwtText.PayloadOf(found.Token);
        var claims = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["active"] = true,
            ["token_type"] = payload.TryGetProperty("cnf", out _) ? "DPoP" : "Bearer",
            ["iss"] = found.Token.Issuer,
            ["aud"] = found.Token.Audiences.First(),
            ["jti"] = found.Token.Id,
        };
        foreach (var name in (string[])["sub", OpenIdTokens.ClientClaim, OpenIdTokens.ScopeClaim, "exp", "iat", "sid", "acr", "amr", "auth_time", "cnf"])
        {
            if (payload.TryGetProperty(name, out var value))
            {
                claims[name] = value;
            }
        }

        return claims;
    }

    private static string[] ScopesOf(JsonWebToken token) => (JwtText.TextOf(token, OpenIdTokens.ScopeClaim) ?? "").Split(' ');

    private async Task<FoundToken?> FindAsync(string? token, CancellationToken cancellationToken)
    {
        if (await tokens.ReadAccessTokenAsync(tenant.Required, token, cancellationToken) is not { } jwt)
        {
            return null;
        }

        if (JwtText.TextOf(jwt, OpenIdTokens.GrantClaim) is { } grantId)
        {
            return Guid.TryParse(grantId, out var id) && await FindGrantAsync(id, cancellationToken) is { } grant ? new FoundToken(jwt, grant) : null;
        }

        var clientId = JwtText.TextOf(jwt, OpenIdTokens.ClientClaim);
        return await database.OpenIdClients.AnyAsync(c => c.ClientId == clientId, cancellationToken) ? new FoundToken(jwt, null) : null;
    }

    private async Task<OpenIdGrant?> FindGrantAsync(Guid id, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var grant = await database.OpenIdGrants.AsNoTracking().Include(g => g.Client)
            .SingleOrDefaultAsync(
                g => g.Id == id && g.RevokedAt == null && g.ExpiresAt > now
                    && database.Users.Any(u => u.Id == g.UserId && u.DisabledAt == null && u.SecurityStamp == g.SecurityStamp),
                cancellationToken);
        return grant is null || grant.IsOffline || await sessions.IsLiveAsync(grant.SessionId, cancellationToken) ? grant : null;
    }

    private sealed record FoundToken(JsonWebToken Token, OpenIdGrant? Grant);
}

/// <summary>Who an access token speaks of. A closed family.</summary>
public abstract record UserInfoResult
{
    private UserInfoResult()
    {
    }

    /// <summary>This person.</summary>
    /// <param name="Claims">What the client gets to know.</param>
    public sealed record Found(IReadOnlyDictionary<string, object> Claims) : UserInfoResult;

    /// <summary>Nobody.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Refused(OpenIdError Error) : UserInfoResult;
}
