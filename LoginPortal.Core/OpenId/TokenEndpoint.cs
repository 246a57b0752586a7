using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;
using Secret = LoginPortal.Core.Data.Secret;

namespace LoginPortal.Core.OpenId;

/// <summary>
/// The token endpoint (OAuth 2.1, 3.2). Codes and refresh tokens are spent by a conditional statement in the transaction that makes what they buy;
/// a second use ends the grant, and with it everything that it gave.
/// </summary>
public sealed class TokenEndpoint(
    PortalDbContext database,
    TenantContext tenant,
    SessionService sessions,
    OpenIdTokens tokens,
    DpopProofs proofs,
    SecurityEventWriter events,
    IDataProtectionProvider protection,
    IOptions<OpenIdOptions> options,
    TimeProvider time)
{
    private static readonly OpenIdError CodeRefused = new(OpenIdErrorCode.InvalidGrant, "The code is unknown, spent, expired or another client's.");
    private static readonly OpenIdError RefreshRefused = new(OpenIdErrorCode.InvalidGrant, "The refresh token is unknown, spent, expired or another client's.");
    private static readonly OpenIdError ProofRefused = new(OpenIdErrorCode.InvalidDpopProof, "The DPoP proof is missing or does not hold.");

    private readonly IDataProtector _protector = protection.CreateProtector("LoginPortal.OpenId.RefreshAnswer.v1");

    /// <summary>Gives tokens for what the form brings.</summary>
    /// <param name="client">The client, which has proved who it is.</param>
    /// <param name="form">The form.</param>
    /// <param name="proof">The header <c>DPoP</c>; <see langword="null"/> if there is none.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; what was given may then be spent.</param>
    public async Task<TokenResult> IssueAsync(
        OpenIdClient client, RequestParameters form, string? proof, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(form);
        ArgumentNullException.ThrowIfNull(facts);
        string? thumbprint = null;
        if (proof is not null)
        {
            thumbprint = await proofs.CheckAsync(proof, "POST", OpenIdIssuer.TokenPath, accessToken: null, cancellationToken);
            if (thumbprint is null)
            {
                return new TokenResult.Refused(ProofRefused);
            }
        }

        return (form["grant_type"], client.Kind) switch
        {
            (null, _) => new TokenResult.Refused(new(OpenIdErrorCode.InvalidRequest, "The parameter grant_type is missing.")),
            ("authorization_code", not OpenIdClientKind.Service) => await RedeemAsync(client, form, thumbprint, facts, cancellationToken),
            ("refresh_token", not OpenIdClientKind.Service) => await RefreshAsync(client, form, thumbprint, facts, cancellationToken),
            ("client_credentials", OpenIdClientKind.Service) => await GiveServiceAsync(client, form, thumbprint, cancellationToken),
            ("authorization_code" or "refresh_token" or "client_credentials", _) =>
                new TokenResult.Refused(new(OpenIdErrorCode.UnauthorizedClient, "The client may not use this grant_type.")),
            _ => new TokenResult.Refused(new(OpenIdErrorCode.UnsupportedGrantType, "Use authorization_code, refresh_token or client_credentials.")),
        };
    }

    private async Task<TokenResult> RedeemAsync(
        OpenIdClient client, RequestParameters form, string? thumbprint, RequestFacts facts, CancellationToken cancellationToken)
    {
        var (hash, now) = (Secret.Hash(form["code"] ?? ""), time.GetUtcNow());
        var code = await database.AuthorizationCodes.AsNoTracking().SingleOrDefaultAsync(c => c.CodeHash == hash, cancellationToken);
        if (code is null
            || await database.OpenIdGrants.AsNoTracking().SingleOrDefaultAsync(g => g.Id == code.GrantId && g.ClientId == client.Id, cancellationToken) is not { } grant)
        {
            return new TokenResult.Refused(CodeRefused);
        }

        if (code.SpentAt is not null)
        {
            return await RefuseReuseAsync(grant, CodeRefused, facts, cancellationToken);
        }

        if (code.ExpiresAt <= now || grant.RevokedAt is not null || form["redirect_uri"] is { } redirectUri && redirectUri != code.RedirectUri
            || !Verifies(code.CodeChallenge, form["code_verifier"]))
        {
            return new TokenResult.Refused(CodeRefused);
        }

        if (grant.DpopKeyThumbprint is { } bound && bound != thumbprint)
        {
            return new TokenResult.Refused(ProofRefused);
        }

        if (await FindPersonAsync(grant, cancellationToken) is not { } user || !await sessions.IsLiveAsync(grant.SessionId, cancellationToken))
        {
            return new TokenResult.Refused(CodeRefused);
        }

        grant.DpopKeyThumbprint = thumbprint;
        var answer = await CreateAsync(client, grant, user, grant.Scopes, code.Nonce, cancellationToken);
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (await database.AuthorizationCodes
            .Where(c => c.CodeHash == hash && c.SpentAt == null)
            .ExecuteUpdateAsync(update => update.SetProperty(c => c.SpentAt, now), cancellationToken) != 1)
        {
            await transaction.RollbackAsync(cancellationToken);
            return await RefuseReuseAsync(grant, CodeRefused, facts, cancellationToken);
        }

        await database.OpenIdGrants.Where(g => g.Id == grant.Id).ExecuteUpdateAsync(
            update => update.SetProperty(g => g.DpopKeyThumbprint, thumbprint).SetProperty(g => g.LastUsedAt, now), cancellationToken);
        AddRefreshToken(grant, answer.RefreshToken, now);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    private async Task<TokenResult> RefreshAsync(
        OpenIdClient client, RequestParameters form, string? thumbprint, RequestFacts facts, CancellationToken cancellationToken)
    {
        var (hash, now, caller) = (Secret.Hash(form["refresh_token"] ?? ""), time.GetUtcNow(), CallerOf(facts));
        var row = await database.OpenIdRefreshTokens.AsNoTracking().SingleOrDefaultAsync(t => t.TokenHash == hash, cancellationToken);
        if (row is null
            || await database.OpenIdGrants.AsNoTracking().SingleOrDefaultAsync(g => g.Id == row.GrantId && g.ClientId == client.Id, cancellationToken) is not { } grant
            || grant.RevokedAt is not null || grant.ExpiresAt <= now || row.ExpiresAt <= now
            || await FindPersonAsync(grant, cancellationToken) is not { } user)
        {
            return new TokenResult.Refused(RefreshRefused);
        }

        if (grant.DpopKeyThumbprint is { } bound && bound != thumbprint)
        {
            return new TokenResult.Refused(ProofRefused);
        }

        var asked = form.List("scope");
        if (asked.Except(grant.Scopes).Any())
        {
            return new TokenResult.Refused(new(OpenIdErrorCode.InvalidScope, "The scope is more than was given."));
        }

        if (row.SpentAt is not null)
        {
            return await AnswerSpentAsync(grant, row.Id, caller, facts, cancellationToken);
        }

        var answer = await CreateAsync(client, grant, user, asked.Count > 0 ? asked : grant.Scopes, nonce: null, cancellationToken);
        var kept = _protector.Protect(JsonSerializer.SerializeToUtf8Bytes(answer));
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (await database.OpenIdRefreshTokens
            .Where(t => t.Id == row.Id && t.SpentAt == null)
            .ExecuteUpdateAsync(
                update => update.SetProperty(t => t.SpentAt, now).SetProperty(t => t.SpentBy, caller).SetProperty(t => t.ProtectedAnswer, kept),
                cancellationToken) != 1)
        {
            await transaction.RollbackAsync(cancellationToken);
            return await AnswerSpentAsync(grant, row.Id, caller, facts, cancellationToken);
        }

        await database.OpenIdGrants.Where(g => g.Id == grant.Id).ExecuteUpdateAsync(update => update.SetProperty(g => g.LastUsedAt, now), cancellationToken);
        AddRefreshToken(grant, answer.RefreshToken, now);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return answer;
    }

    /// <summary>A retry whose answer was lost gets it again; anything else is one of two holders, one of whom is a thief.</summary>
    private async Task<TokenResult> AnswerSpentAsync(OpenIdGrant grant, Guid id, string caller, RequestFacts facts, CancellationToken cancellationToken)
    {
        var spent = await database.OpenIdRefreshTokens.AsNoTracking().SingleAsync(t => t.Id == id, cancellationToken);
        return spent is { SpentAt: { } at, ProtectedAnswer: { } kept } && at + SessionTokens.RetryWindow > time.GetUtcNow() && spent.SpentBy == caller
            ? JsonSerializer.Deserialize<TokenResult.Issued>(_protector.Unprotect(kept))!
            : await RefuseReuseAsync(grant, RefreshRefused, facts, cancellationToken);
    }

    private async Task<TokenResult> GiveServiceAsync(
        OpenIdClient client, RequestParameters form, string? thumbprint, CancellationToken cancellationToken)
    {
        var scopes = form.List("scope") is { Count: > 0 } asked ? asked : client.Scopes;
        if (scopes.Except(client.Scopes).Any())
        {
            return new TokenResult.Refused(new(OpenIdErrorCode.InvalidScope, "The client may not ask for this scope."));
        }

        var token = await tokens.CreateServiceTokenAsync(tenant.Required, client.ClientId, scopes, thumbprint, cancellationToken);
        return new TokenResult.Issued(token, thumbprint is null ? "Bearer" : "DPoP", tokens.AccessTokenSeconds, string.Join(' ', scopes), IdToken: null, RefreshToken: null);
    }

    private async Task<TokenResult.Issued> CreateAsync(
        OpenIdClient client, OpenIdGrant grant, PortalUser user, IReadOnlyList<string> scopes, string? nonce, CancellationToken cancellationToken)
    {
        var access = await tokens.CreateAccessTokenAsync(tenant.Required, user.Id.ToString(), client.ClientId, scopes, grant, cancellationToken);
        return new TokenResult.Issued(
            access,
            grant.DpopKeyThumbprint is null ? "Bearer" : "DPoP",
            tokens.AccessTokenSeconds,
            string.Join(' ', scopes),
            await tokens.CreateIdTokenAsync(
                tenant.Required, grant, client.ClientId, nonce, access, OpenIdClaims.ForIdToken(user, grant, client), cancellationToken),
            grant.IsOffline ? Secret.Create() : null);
    }

    private void AddRefreshToken(OpenIdGrant grant, string? token, DateTimeOffset now)
    {
        if (token is not null)
        {
            var idle = now + options.Value.RefreshTokenIdleTimeout;
            database.OpenIdRefreshTokens.Add(new OpenIdRefreshToken
            {
                Id = Guid.CreateVersion7(now),
                TenantId = grant.TenantId,
                GrantId = grant.Id,
                TokenHash = Secret.Hash(token),
                ExpiresAt = idle < grant.ExpiresAt ? idle : grant.ExpiresAt,
            });
        }
    }

    /// <summary>The person, while what they gave still holds: not disabled, and no other password since.</summary>
    private Task<PortalUser?> FindPersonAsync(OpenIdGrant grant, CancellationToken cancellationToken) => database.Users.AsNoTracking()
        .SingleOrDefaultAsync(u => u.Id == grant.UserId && u.DisabledAt == null && u.SecurityStamp == grant.SecurityStamp, cancellationToken);

    private async Task<TokenResult> RefuseReuseAsync(OpenIdGrant grant, OpenIdError error, RequestFacts facts, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (await database.OpenIdGrants
            .Where(g => g.Id == grant.Id && g.RevokedAt == null)
            .ExecuteUpdateAsync(update => update.SetProperty(g => g.RevokedAt, now), cancellationToken) == 1)
        {
            events.Record(
                database,
                grant.TenantId,
                SecurityEventKind.ApplicationTokenReused,
                SecurityEventOutcome.Refused,
                facts,
                subjectId: grant.UserId,
                sessionId: grant.SessionId);
            await database.SaveChangesAsync(cancellationToken);
        }

        return new TokenResult.Refused(error);
    }

    /// <summary>Whether the verifier is the one of the challenge (RFC 7636, 4.6); where there was no challenge, there may be no verifier (RFC 9700, 2.1.1).</summary>
    private static bool Verifies(string? challenge, string? verifier) => challenge is null
        ? verifier is null
        : verifier is { Length: >= 43 and <= 128 }
            && CryptographicOperations.FixedTimeEquals(
                Encoding.ASCII.GetBytes(challenge),
                Encoding.ASCII.GetBytes(Base64UrlEncoder.Encode(SHA256.HashData(Encoding.UTF8.GetBytes(verifier)))));

    private static string CallerOf(RequestFacts facts) => Secret.Hash($"{facts.IpAddress}\n{facts.UserAgent}");
}

/// <summary>What a token request came to. A closed family.</summary>
public abstract record TokenResult
{
    private TokenResult()
    {
    }

    /// <summary>Tokens.</summary>
    /// <param name="AccessToken">The access token.</param>
    /// <param name="TokenType"><c>Bearer</c> or <c>DPoP</c>.</param>
    /// <param name="ExpiresIn">For how many seconds it works.</param>
    /// <param name="Scope">The access that it gives.</param>
    /// <param name="IdToken">Who the person is; <see langword="null"/> for a service.</param>
    /// <param name="RefreshToken">The next refresh token; <see langword="null"/> without <c>offline_access</c>.</param>
    public sealed record Issued(string AccessToken, string TokenType, int ExpiresIn, string Scope, string? IdToken, string? RefreshToken) : TokenResult
    {
        /// <summary>Without the tokens: records print themselves into logs.</summary>
        public override string ToString() => $"{nameof(Issued)} {TokenType} {Scope}";
    }

    /// <summary>None.</summary>
    /// <param name="Error">Why.</param>
    public sealed record Refused(OpenIdError Error) : TokenResult;
}
