using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.JsonWebTokens;

namespace LoginPortal.Core.OpenId;

/// <summary>
/// Signing out because an application says so (RP-Initiated Logout 1.0). An ID token of this tenant for the client proves that the application was
/// given the session, and ends it at once; without one the person is asked, because any site can send a browser here.
/// </summary>
public sealed class EndSession(PortalDbContext database, TenantContext tenant, SessionService sessions, OpenIdTokens tokens)
{
    /// <summary>Ends what the hint names.</summary>
    /// <param name="parameters">The parameters of the request.</param>
    /// <param name="sessionId">The session of the browser, if it has one.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<EndSessionResult> RequestAsync(
        RequestParameters parameters, Guid? sessionId, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var hint = parameters["id_token_hint"] is { } text ? await tokens.ReadHintAsync(tenant.Required, text, cancellationToken) : null;
        var clientId = hint?.Audiences.FirstOrDefault() ?? parameters["client_id"];
        if (parameters.Spoiled is not null
            || (parameters["id_token_hint"] is not null && hint is null)
            || (parameters["client_id"] is { } named && named != clientId))
        {
            return new EndSessionResult.Refused();
        }

        var next = await FindNextAsync(clientId, parameters["post_logout_redirect_uri"], parameters["state"], cancellationToken);
        if (parameters["post_logout_redirect_uri"] is not null && next is null)
        {
            return new EndSessionResult.Refused();
        }

        if (hint is null)
        {
            return sessionId is null ? new EndSessionResult.Ended(next, IsBrowsers: false) : new EndSessionResult.Unproven(next);
        }

        var ended = await EndHintedAsync(hint, clientId!, sessionId, facts, cancellationToken);
        return new EndSessionResult.Ended(next, ended);
    }

    /// <summary>Where an application may have the person sent, once it is checked that the address is one of its own.</summary>
    /// <returns><see langword="null"/> if it is not.</returns>
    public async Task<AuthorizationReply?> FindNextAsync(string? clientId, string? address, string? state, CancellationToken cancellationToken)
    {
        if (clientId is null || address is null || state is { Length: > 2048 })
        {
            return null;
        }

        var client = await database.OpenIdClients.AsNoTracking().SingleOrDefaultAsync(c => c.ClientId == clientId, cancellationToken);
        return client is not null && client.PostLogoutRedirectUris.Contains(address, StringComparer.Ordinal)
            ? new AuthorizationReply(client.Name, address, IsFormPost: false, state is null ? [] : [KeyValuePair.Create("state", state)])
            : null;
    }

    /// <summary>Whether the browser's own session was among what ended.</summary>
    private async Task<bool> EndHintedAsync(
        JsonWebToken hint, string clientId, Guid? sessionId, RequestFacts facts, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(JwtText.TextOf(hint, JwtRegisteredClaimNames.Sid), out var told) || !Guid.TryParse(hint.Subject, out var userId))
        {
            return false;
        }

        var ids = await database.OpenIdGrants
            .Where(g => g.ToldSessionId == told && g.UserId == userId && g.Client!.ClientId == clientId)
            .Select(g => g.SessionId)
            .Distinct()
            .ToListAsync(cancellationToken);
        if (sessionId is { } own && !ids.Contains(own)
            && await database.Sessions.AnyAsync(s => s.Id == own && s.UserId == userId, cancellationToken))
        {
            ids.Add(own);
        }

        foreach (var id in ids)
        {
            await sessions.EndAsync(id, SessionEndReason.SignedOut, facts, cancellationToken);
        }

        return sessionId is { } present && ids.Contains(present);
    }
}

/// <summary>What a request to sign out came to. A closed family.</summary>
public abstract record EndSessionResult
{
    private EndSessionResult()
    {
    }

    /// <summary>It is done.</summary>
    /// <param name="Next">Where the person goes; <see langword="null"/> to stay with the portal.</param>
    /// <param name="IsBrowsers">Whether this browser's own session ended, so that its cookie can go.</param>
    public sealed record Ended(AuthorizationReply? Next, bool IsBrowsers) : EndSessionResult;

    /// <summary>The person is to be asked.</summary>
    /// <param name="Next">Where they go then.</param>
    public sealed record Unproven(AuthorizationReply? Next) : EndSessionResult;

    /// <summary>The hint is no ID token of this tenant for the client, or the address is not the client's.</summary>
    public sealed record Refused : EndSessionResult;
}
