using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.OpenId;

/// <summary>What a person lets applications see: asked once, listed, taken back.</summary>
public sealed class Consents(OwnAccounts accounts, TimeProvider time)
{
    /// <summary>What an application asks for.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="sessionId">The person's session.</param>
    /// <param name="requestId">The request that waits.</param>
    /// <param name="bindingHash">SHA-256 of the browser's binding cookie.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ConsentResult> ShowAsync(Guid tenantId, Guid sessionId, Guid requestId, string bindingHash, CancellationToken cancellationToken) =>
        RunAsync(tenantId, sessionId, requestId, bindingHash, (_, _, _, _) => Task.CompletedTask, cancellationToken);

    /// <summary>The person agrees, or declines.</summary>
    public Task<ConsentResult> AnswerAsync(
        Guid tenantId, Guid sessionId, Guid requestId, string bindingHash, bool agrees, RequestFacts facts, CancellationToken cancellationToken) => RunAsync(
            tenantId,
            sessionId,
            requestId,
            bindingHash,
            async (account, request, scopes, cancellation) =>
            {
                await account.Database.AuthorizationRequests.Where(r => r.Id == requestId).ExecuteUpdateAsync(
                    update => update
                        .SetProperty(r => r.IsDenied, !agrees)
                        .SetProperty(r => r.ConsentedUserId, agrees ? account.User.Id : (Guid?)null),
                    cancellation);
                if (agrees)
                {
                    await RememberAsync(account, request.ClientId, scopes, cancellation);
                }

                account.Get<SecurityEventWriter>().Record(
                    account.Database,
                    account.Tenant.Id,
                    SecurityEventKind.ApplicationConsent,
                    agrees ? SecurityEventOutcome.Success : SecurityEventOutcome.Refused,
                    facts,
                    subjectId: account.User.Id,
                    actorId: account.User.Id,
                    sessionId: account.Session.Id);
                await account.Database.SaveChangesAsync(cancellation);
            },
            cancellationToken);

    /// <summary>The applications that have access to the person's account, by name.</summary>
    public Task<GrantedAccessResult> ListAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken) =>
        RunAsync(tenantId, sessionId, (_, _) => Task.CompletedTask, cancellationToken);

    /// <summary>Takes back what an application was given: its tokens end, and it asks again next time.</summary>
    public Task<GrantedAccessResult> RevokeAsync(
        Guid tenantId, Guid sessionId, Guid clientId, RequestFacts facts, CancellationToken cancellationToken) => RunAsync(
            tenantId,
            sessionId,
            async (account, cancellation) =>
            {
                var (database, userId, now) = (account.Database, account.User.Id, time.GetUtcNow());
                await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
                var changed = await database.OpenIdConsents.Where(c => c.UserId == userId && c.ClientId == clientId).ExecuteDeleteAsync(cancellation)
                    + await database.OpenIdGrants
                        .Where(g => g.UserId == userId && g.ClientId == clientId && g.RevokedAt == null)
                        .ExecuteUpdateAsync(update => update.SetProperty(g => g.RevokedAt, now), cancellation);
                if (changed > 0)
                {
                    account.Record(SecurityEventKind.ApplicationRevoked, facts);
                    await database.SaveChangesAsync(cancellation);
                }

                await transaction.CommitAsync(cancellation);
            },
            cancellationToken);

    private static async Task RememberAsync(OwnAccount account, Guid clientId, IReadOnlyList<string> scopes, CancellationToken cancellationToken)
    {
        var now = account.Get<TimeProvider>().GetUtcNow();
        var userId = account.User.Id;
        var known = await account.Database.OpenIdConsents.SingleOrDefaultAsync(c => c.UserId == userId && c.ClientId == clientId, cancellationToken);
        if (known is null)
        {
            known = new OpenIdConsent { TenantId = account.Tenant.Id, UserId = userId, ClientId = clientId, Scopes = scopes, GrantedAt = now };
            account.Database.OpenIdConsents.Add(known);
            try
            {
                await account.Database.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateException exception) when (exception.IsUniqueViolation())
            {
                // Two tabs agreed at the same moment; this request remembers its own consent anyway.
                account.Database.Entry(known).State = EntityState.Detached;
            }

            return;
        }

        known.Scopes = [.. known.Scopes.Union(scopes)];
        known.GrantedAt = now;
    }

    private Task<ConsentResult> RunAsync(
        Guid tenantId,
        Guid sessionId,
        Guid requestId,
        string bindingHash,
        Func<OwnAccount, AuthorizationRequest, IReadOnlyList<string>, CancellationToken, Task> work,
        CancellationToken cancellationToken) => accounts.RunAsync<ConsentResult>(
            tenantId,
            sessionId,
            needsFresh: false,
            async (account, cancellation) =>
            {
                var now = time.GetUtcNow();
                var request = await account.Database.AuthorizationRequests.AsNoTracking().SingleOrDefaultAsync(
                    r => r.Id == requestId && r.BindingHash == bindingHash && r.ExpiresAt > now, cancellation);
                if (request is null
                    || await account.Database.OpenIdClients.AsNoTracking().SingleOrDefaultAsync(c => c.Id == request.ClientId, cancellation) is not { } client)
                {
                    return new ConsentResult.Over();
                }

                var scopes = OpenIdClaims.ScopesOf(request.Parameters, client);
                await work(account, request, scopes, cancellation);
                return new ConsentResult.Asked(
                    new ConsentQuestion(client.Name, RedirectUris.OriginOf(request.Parameters.RedirectUri), account.User.Email ?? "", scopes));
            },
            new ConsentResult.SignedOut(),
            new ConsentResult.SignedOut(),
            cancellationToken);

    private Task<GrantedAccessResult> RunAsync(
        Guid tenantId, Guid sessionId, Func<OwnAccount, CancellationToken, Task> work, CancellationToken cancellationToken) =>
        accounts.RunAsync<GrantedAccessResult>(
            tenantId,
            sessionId,
            needsFresh: false,
            async (account, cancellation) =>
            {
                await work(account, cancellation);
                return new GrantedAccessResult.Listed(await ListAsync(account, cancellation));
            },
            new GrantedAccessResult.SignedOut(),
            new GrantedAccessResult.SignedOut(),
            cancellationToken);

    private async Task<IReadOnlyList<GrantedAccess>> ListAsync(OwnAccount account, CancellationToken cancellationToken)
    {
        var (database, userId, stamp, now) = (account.Database, account.User.Id, account.User.SecurityStamp, time.GetUtcNow());
        var grants = await database.OpenIdGrants.AsNoTracking()
            .Where(g => g.UserId == userId && g.RevokedAt == null && g.ExpiresAt > now && g.SecurityStamp == stamp)
            .Where(g => g.IsOffline || database.Sessions.Any(s => s.Id == g.SessionId && s.EndedAt == null && s.ExpiresAt > now))
            .Select(g => new { g.ClientId, g.Scopes, g.LastUsedAt })
            .ToListAsync(cancellationToken);
        var consents = await database.OpenIdConsents.AsNoTracking().Where(c => c.UserId == userId).ToListAsync(cancellationToken);
        var ids = grants.Select(g => g.ClientId).Union(consents.Select(c => c.ClientId)).ToList();
        var clients = await database.OpenIdClients.AsNoTracking()
            .Where(c => ids.Contains(c.Id))
            .Select(c => new { c.Id, c.Name, c.IsFirstParty })
            .ToListAsync(cancellationToken);
        return
        [
            .. clients.OrderBy(client => client.Name, StringComparer.CurrentCultureIgnoreCase).Select(client => new GrantedAccess(
                client.Id,
                client.Name,
                client.IsFirstParty,
                [
                    .. consents.Where(c => c.ClientId == client.Id).SelectMany(c => c.Scopes)
                        .Union(grants.Where(g => g.ClientId == client.Id).SelectMany(g => g.Scopes)),
                ],
                grants.Where(g => g.ClientId == client.Id).Select(g => (DateTimeOffset?)g.LastUsedAt).Max()
                    ?? consents.Where(c => c.ClientId == client.Id).Select(c => (DateTimeOffset?)c.GrantedAt).Max())),
        ];
    }
}

/// <summary>What the consent page shows. A closed family.</summary>
public abstract record ConsentResult
{
    private ConsentResult()
    {
    }

    /// <summary>The question; after an answer, the question that was answered.</summary>
    /// <param name="Question">The question.</param>
    public sealed record Asked(ConsentQuestion Question) : ConsentResult;

    /// <summary>The request was answered already, is too old, or was begun in another browser.</summary>
    public sealed record Over : ConsentResult;

    /// <summary>The session is no longer live.</summary>
    public sealed record SignedOut : ConsentResult;
}

/// <summary>What a person is asked to agree to.</summary>
/// <param name="ClientName">What people call the application.</param>
/// <param name="Origin">Where the application is; <see langword="null"/> for a program on a device.</param>
/// <param name="Email">Whose account.</param>
/// <param name="Scopes">The access, of <see cref="OpenIdScope"/>.</param>
public sealed record ConsentQuestion(string ClientName, string? Origin, string Email, IReadOnlyList<string> Scopes);

/// <summary>What the page of applications shows. A closed family.</summary>
public abstract record GrantedAccessResult
{
    private GrantedAccessResult()
    {
    }

    /// <summary>The applications.</summary>
    /// <param name="Applications">By name.</param>
    public sealed record Listed(IReadOnlyList<GrantedAccess> Applications) : GrantedAccessResult;

    /// <summary>The session is no longer live.</summary>
    public sealed record SignedOut : GrantedAccessResult;
}

/// <summary>An application that has access to an account.</summary>
/// <param name="ClientId">Its identifier.</param>
/// <param name="Name">What people call it.</param>
/// <param name="IsFirstParty">Whether it is the organisation's own.</param>
/// <param name="Scopes">The access, of <see cref="OpenIdScope"/>.</param>
/// <param name="LastUsedAt">When it last got tokens or consent, UTC.</param>
public sealed record GrantedAccess(Guid ClientId, string Name, bool IsFirstParty, IReadOnlyList<string> Scopes, DateTimeOffset? LastUsedAt);
