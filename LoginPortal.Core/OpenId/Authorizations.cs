using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.OpenId;

/// <summary>
/// The authorization endpoint (OpenID Connect Core 3.1.2): what a request needs before it is answered, and the answer. What it needs is asked
/// anew each time that the person comes back, so that nobody gets past a step by leaving it out.
/// </summary>
public sealed class Authorizations(
    PortalDbContext database,
    TenantContext tenant,
    SessionService sessions,
    OpenIdIssuer issuers,
    IOptions<OpenIdOptions> options,
    SecurityEventWriter events,
    AuthorizationRequestReader reader,
    TimeProvider time)
{
    private const string HandlePrefix = "urn:ietf:params:oauth:request_uri:";

    /// <summary>Takes a request that a browser brings, whole or by the name of a pushed one.</summary>
    /// <param name="parameters">Its parameters.</param>
    /// <param name="bindingHash">SHA-256 of the browser's binding cookie.</param>
    /// <param name="sessionId">The session of the browser, if it has one.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<AuthorizationOutcome> BeginAsync(
        RequestParameters parameters, string bindingHash, Guid? sessionId, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters["request_uri"] is { } handle && handle.StartsWith(HandlePrefix, StringComparison.Ordinal))
        {
            return await BindAsync(handle, parameters["client_id"], bindingHash, cancellationToken) is { } bound
                ? await ResumeAsync(bound, bindingHash, sessionId, facts, cancellationToken)
                : new AuthorizationOutcome.Untrusted(UntrustedRequest.Over);
        }

        switch (await reader.ReadAsync(parameters, cancellationToken))
        {
            case AuthorizationCheck.Untrusted(var reason):
                return new AuthorizationOutcome.Untrusted(reason);
            case AuthorizationCheck.Refused(var client, var refused, var error):
                return ErrorReply(client, refused, error);
            case AuthorizationCheck.Valid(var client, var parsed):
                var now = time.GetUtcNow();
                var request = new AuthorizationRequest
                {
                    Id = Guid.CreateVersion7(now),
                    TenantId = tenant.Required.Id,
                    ClientId = client.Id,
                    BindingHash = bindingHash,
                    Parameters = parsed,
                    CreatedAt = now,
                    ExpiresAt = now + AuthorizationRequest.Lifetime,
                };
                return await DecideAsync(request, client, isStored: false, sessionId, facts, cancellationToken);
            default:
                throw new InvalidOperationException("A check came to nothing that there is.");
        }
    }

    /// <summary>Goes on with a request once the person is back from where it sent them.</summary>
    public async Task<AuthorizationOutcome> ResumeAsync(
        Guid requestId, string bindingHash, Guid? sessionId, RequestFacts facts, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var request = await database.AuthorizationRequests.AsNoTracking()
            .SingleOrDefaultAsync(r => r.Id == requestId && r.BindingHash == bindingHash && r.ExpiresAt > now, cancellationToken);
        if (request is null
            || await database.OpenIdClients.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.ClientId, cancellationToken) is not { } client
            || !RedirectUris.Matches(client, request.Parameters.RedirectUri))
        {
            return new AuthorizationOutcome.Untrusted(UntrustedRequest.Over);
        }

        return await DecideAsync(request, client, isStored: true, sessionId, facts, cancellationToken);
    }

    /// <summary>Stores a request for whichever browser brings its name (RFC 9126). The client has proved who it is.</summary>
    public async Task<PushedRequestResult> PushAsync(OpenIdClient client, RequestParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(parameters);
        if (parameters["request_uri"] is not null)
        {
            return new PushedRequestResult.Refused(new(OpenIdErrorCode.InvalidRequest, "A pushed request names no other (RFC 9126, 2.1)."));
        }

        if (parameters["client_id"] is { } named && named != client.ClientId)
        {
            return new PushedRequestResult.Refused(new(OpenIdErrorCode.InvalidRequest, "The client_id is another client's."));
        }

        return await reader.ReadAsync(parameters, cancellationToken) switch
        {
            AuthorizationCheck.Valid(_, var parsed) =>
                new PushedRequestResult.Stored(await StoreUnboundAsync(client, parsed, AuthorizationRequest.PushedLifetime, cancellationToken)),
            AuthorizationCheck.Refused(_, _, var error) => new PushedRequestResult.Refused(error),
            AuthorizationCheck.Untrusted(UntrustedRequest.UnknownRedirectUri) =>
                new PushedRequestResult.Refused(new(OpenIdErrorCode.InvalidRequest, "The redirect_uri is none of the client's.")),
            _ => new PushedRequestResult.Refused(new(OpenIdErrorCode.InvalidRequest, "The client_id is missing or repeated.")),
        };
    }

    /// <summary>
    /// Stores a request that a form of another site posted: browsers bring their cookies only with the redirect that follows, so it is bound then.
    /// </summary>
    public async Task<AuthorizationOutcome> BeginPostedAsync(RequestParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return await reader.ReadAsync(parameters, cancellationToken) switch
        {
            AuthorizationCheck.Untrusted(var reason) => new AuthorizationOutcome.Untrusted(reason),
            AuthorizationCheck.Refused(var client, var refused, var error) => ErrorReply(client, refused, error),
            AuthorizationCheck.Valid(var client, var parsed) => new AuthorizationOutcome.Again(
                client.ClientId, (await StoreUnboundAsync(client, parsed, AuthorizationRequest.PushedLifetime, cancellationToken)).RequestUri),
            _ => throw new InvalidOperationException("A check came to nothing that there is."),
        };
    }

    private async Task<PushedRequest> StoreUnboundAsync(
        OpenIdClient client, AuthorizationParameters parsed, TimeSpan lifetime, CancellationToken cancellationToken)
    {
        var (now, secret) = (time.GetUtcNow(), Secret.Create());
        database.AuthorizationRequests.Add(new AuthorizationRequest
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Required.Id,
            ClientId = client.Id,
            HandleHash = Secret.Hash(secret),
            Parameters = parsed,
            CreatedAt = now,
            ExpiresAt = now + lifetime,
        });
        await database.SaveChangesAsync(cancellationToken);
        return new PushedRequest(HandlePrefix + secret, (int)lifetime.TotalSeconds);
    }

    /// <summary>Spends the name of a stored request for this browser; of two parallel ones one succeeds.</summary>
    private async Task<Guid?> BindAsync(string handle, string? clientId, string bindingHash, CancellationToken cancellationToken)
    {
        var (hash, now) = (Secret.Hash(handle[HandlePrefix.Length..]), time.GetUtcNow());
        var until = now + AuthorizationRequest.Lifetime;
        var id = await database.AuthorizationRequests
            .Where(r => r.HandleHash == hash && r.ExpiresAt > now && database.OpenIdClients.Any(c => c.Id == r.ClientId && c.ClientId == clientId))
            .Select(r => (Guid?)r.Id)
            .SingleOrDefaultAsync(cancellationToken);
        return id is not null && await database.AuthorizationRequests
            .Where(r => r.Id == id && r.HandleHash == hash)
            .ExecuteUpdateAsync(
                update => update.SetProperty(r => r.HandleHash, (string?)null).SetProperty(r => r.BindingHash, bindingHash).SetProperty(r => r.ExpiresAt, until),
                cancellationToken) == 1
            ? id
            : null;
    }

    private async Task<AuthorizationOutcome> DecideAsync(
        AuthorizationRequest request, OpenIdClient client, bool isStored, Guid? sessionId, RequestFacts facts, CancellationToken cancellationToken)
    {
        var wishes = request.Parameters;
        var session = sessionId is { } id ? await sessions.FindAsync(id, cancellationToken) : null;
        var isSilent = wishes.Prompts.Contains(AuthorizationPrompt.None);
        if (request.IsDenied)
        {
            return await EndAsync(request, client, isStored, new(OpenIdErrorCode.AccessDenied, "The person declined."), cancellationToken);
        }

        if (session is null)
        {
            return isSilent
                ? ErrorReply(client, wishes, new(OpenIdErrorCode.LoginRequired, "Nobody is signed in."))
                : await AskAsync(request, isStored, new AuthorizationOutcome.SignIn(request.Id, wishes, IsFresh: false), cancellationToken);
        }

        if (!isSilent && wishes.Prompts.Contains(AuthorizationPrompt.SelectAccount) && !request.IsAccountSelected)
        {
            request.IsAccountSelected = true;
            if (isStored)
            {
                await database.AuthorizationRequests.Where(r => r.Id == request.Id)
                    .ExecuteUpdateAsync(update => update.SetProperty(r => r.IsAccountSelected, true), cancellationToken);
            }

            return await AskAsync(request, isStored, new AuthorizationOutcome.SelectAccount(request.Id, wishes), cancellationToken);
        }

        if (MissingOf(wishes, session, request.CreatedAt) is { } missing)
        {
            // Whoever has signed in since the request was made has done what a person can do about it.
            var isFresh = session.AuthenticatedAt >= request.CreatedAt;
            if (isSilent || (isFresh && !IsWish(missing, wishes)))
            {
                return await EndAsync(request, client, isStored, missing, cancellationToken);
            }

            if (!isFresh)
            {
                return await AskAsync(request, isStored, new AuthorizationOutcome.SignIn(request.Id, wishes, IsFresh: true), cancellationToken);
            }
        }

        if (await NeedsConsentAsync(request, client, session.UserId, cancellationToken))
        {
            return isSilent
                ? ErrorReply(client, wishes, new(OpenIdErrorCode.ConsentRequired, "The person has not agreed yet."))
                : await AskAsync(request, isStored, new AuthorizationOutcome.Consent(request.Id), cancellationToken);
        }

        return await GrantAsync(request, client, isStored, session, facts, cancellationToken);
    }

    /// <summary>An assurance that is a wish and not a condition is tried for once, and then let go.</summary>
    private static bool IsWish(OpenIdError missing, AuthorizationParameters wishes) =>
        missing.Code == OpenIdErrorCode.UnmetAuthenticationRequirements && !wishes.IsAcrEssential;

    /// <summary>What the session lacks for this request; <see langword="null"/> if nothing.</summary>
    private OpenIdError? MissingOf(AuthorizationParameters wishes, ActiveSession session, DateTimeOffset requestedAt)
    {
        if (wishes.Subject is { } subject && !string.Equals(subject, session.UserId.ToString(), StringComparison.Ordinal))
        {
            return new(OpenIdErrorCode.LoginRequired, "Somebody else is signed in.");
        }

        var isFresh = session.AuthenticatedAt >= requestedAt;
        if (!isFresh && (wishes.Prompts.Contains(AuthorizationPrompt.Login)
            || (wishes.MaximumAge is { } age && time.GetUtcNow() - session.AuthenticatedAt >= TimeSpan.FromSeconds(age))))
        {
            return new(OpenIdErrorCode.LoginRequired, "The sign-in is not fresh enough.");
        }

        return wishes.AcrValues.Count > 0
            && !wishes.AcrValues.Contains(session.AuthenticationContextClass)
            && !(session.AuthenticationContextClass == Assurance.MultiFactor && wishes.AcrValues.Contains(Assurance.SingleFactor))
            && (wishes.IsAcrEssential || (wishes.AcrValues.Contains(Assurance.MultiFactor) && !wishes.Prompts.Contains(AuthorizationPrompt.None)))
                ? new(OpenIdErrorCode.UnmetAuthenticationRequirements, "The assurance that is asked for was not reached.")
                : null;
    }

    private async Task<bool> NeedsConsentAsync(AuthorizationRequest request, OpenIdClient client, Guid userId, CancellationToken cancellationToken)
    {
        if (request.ConsentedUserId == userId)
        {
            return false;
        }

        if (request.Parameters.Prompts.Contains(AuthorizationPrompt.Consent))
        {
            return true;
        }

        if (client.IsFirstParty)
        {
            return false;
        }

        var given = await database.OpenIdConsents.AsNoTracking()
            .Where(c => c.UserId == userId && c.ClientId == client.Id)
            .Select(c => c.Scopes)
            .SingleOrDefaultAsync(cancellationToken);
        return given is null || OpenIdClaims.ScopesOf(request.Parameters, client).Except(given).Any();
    }

    /// <summary>Sends the person elsewhere first; the request waits for them.</summary>
    private async Task<AuthorizationOutcome> AskAsync(
        AuthorizationRequest request, bool isStored, AuthorizationOutcome outcome, CancellationToken cancellationToken)
    {
        if (!isStored)
        {
            database.AuthorizationRequests.Add(request);
            await database.SaveChangesAsync(cancellationToken);
        }

        return outcome;
    }

    private async Task<AuthorizationOutcome> EndAsync(
        AuthorizationRequest request, OpenIdClient client, bool isStored, OpenIdError error, CancellationToken cancellationToken) =>
        !isStored || await SpendAsync(request, cancellationToken)
            ? ErrorReply(client, request.Parameters, error)
            : new AuthorizationOutcome.Untrusted(UntrustedRequest.Over);

    private async Task<bool> SpendAsync(AuthorizationRequest request, CancellationToken cancellationToken) =>
        await database.AuthorizationRequests.Where(r => r.Id == request.Id).ExecuteDeleteAsync(cancellationToken) == 1;

    /// <summary>Spends the request in the transaction that makes the code: of two tabs one gets it.</summary>
    private async Task<AuthorizationOutcome> GrantAsync(
        AuthorizationRequest request, OpenIdClient client, bool isStored, ActiveSession session, RequestFacts facts, CancellationToken cancellationToken)
    {
        var (wishes, now, code) = (request.Parameters, time.GetUtcNow(), Secret.Create());
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (isStored && !await SpendAsync(request, cancellationToken))
        {
            return new AuthorizationOutcome.Untrusted(UntrustedRequest.Over);
        }

        var isOffline = wishes.Scopes.Contains(OpenIdScope.OfflineAccess);
        var stamp = await database.Users.Where(u => u.Id == session.UserId).Select(u => u.SecurityStamp).SingleAsync(cancellationToken);
        var grant = new OpenIdGrant
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Required.Id,
            ClientId = client.Id,
            UserId = session.UserId,
            SessionId = session.Id,
            ToldSessionId = session.Id,
            Scopes = wishes.Scopes,
            IdTokenClaims = wishes.IdTokenClaims,
            UserInfoClaims = wishes.UserInfoClaims,
            AuthenticatedAt = session.AuthenticatedAt,
            AuthenticationMethods = session.AuthenticationMethods,
            AuthenticationContextClass = session.AuthenticationContextClass,
            SecurityStamp = stamp ?? "",
            IsOffline = isOffline,
            DpopKeyThumbprint = wishes.DpopKeyThumbprint,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = isOffline ? now + options.Value.OfflineAccessLifetime : session.ExpiresAt,
        };
        database.OpenIdGrants.Add(grant);
        database.AuthorizationCodes.Add(new AuthorizationCode
        {
            CodeHash = Secret.Hash(code),
            TenantId = grant.TenantId,
            GrantId = grant.Id,
            RedirectUri = wishes.RedirectUri,
            Nonce = wishes.Nonce,
            CodeChallenge = wishes.CodeChallenge,
            ExpiresAt = now + AuthorizationCode.Lifetime,
        });
        events.Record(
            database,
            grant.TenantId,
            SecurityEventKind.ApplicationAuthorized,
            SecurityEventOutcome.Success,
            facts,
            subjectId: session.UserId,
            actorId: session.UserId,
            sessionId: session.Id);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return new AuthorizationOutcome.Reply(Reply(client, wishes, ("code", code)));
    }

    private AuthorizationOutcome.Reply ErrorReply(OpenIdClient client, AuthorizationParameters parameters, OpenIdError error) =>
        new(Reply(client, parameters, ("error", error.Code), ("error_description", error.Description)));

    /// <summary>With <c>iss</c>, so that a client of many issuers knows whose answer it is (RFC 9207).</summary>
    private AuthorizationReply Reply(OpenIdClient client, AuthorizationParameters parameters, params (string Name, string Value)[] values) => new(
        client.Name,
        parameters.RedirectUri,
        parameters.IsFormPost,
        [
            .. values.Select(value => KeyValuePair.Create(value.Name, value.Value)),
            .. parameters.State is { } state ? [KeyValuePair.Create("state", state)] : (KeyValuePair<string, string>[])[],
            KeyValuePair.Create("iss", issuers.Of(tenant.Required)),
        ]);
}
