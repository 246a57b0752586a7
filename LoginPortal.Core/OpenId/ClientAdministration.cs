using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.OpenId;

/// <summary>The applications of a tenant, as its administrators manage them.</summary>
public sealed class ClientAdministration(AdministratorAccess access, OpenIdIssuer issuers, TimeProvider time)
{
    private const int SecretCharacters = 4;

    /// <summary>Every application, by name.</summary>
    public Task<AdministrationResult<IReadOnlyList<ClientDetails>>> ListAsync(AdministratorSession session, CancellationToken cancellationToken) =>
        access.RunAsync<IReadOnlyList<ClientDetails>>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                var clients = await administrator.Database.OpenIdClients.AsNoTracking().Include(c => c.Secrets).ToListAsync(cancellation);
                return [.. clients.OrderBy(c => c.Name, StringComparer.CurrentCultureIgnoreCase).Select(c => Describe(administrator, c))];
            },
            cancellationToken);

    /// <summary>One application.</summary>
    public Task<AdministrationResult<ClientChangeResult>> ShowAsync(AdministratorSession session, Guid id, CancellationToken cancellationToken) => WithAsync(
        session, id, (administrator, client, _) => Task.FromResult<ClientChangeResult>(new ClientChangeResult.Done(Describe(administrator, client), NewSecret: null)), cancellationToken);

    /// <summary>Registers an application; one with a secret gets its first.</summary>
    public Task<AdministrationResult<ClientChangeResult>> CreateAsync(
        AdministratorSession session, ClientDraft draft, CancellationToken cancellationToken) => access.RunAsync<ClientChangeResult>(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
            {
                var clean = ClientRules.Clean(draft);
                if (ClientRules.Check(clean) is { Count: > 0 } problems)
                {
                    return new ClientChangeResult.Invalid(problems);
                }

                var now = time.GetUtcNow();
                var client = new OpenIdClient
                {
                    Id = Guid.CreateVersion7(now),
                    TenantId = administrator.Tenant.Id,
                    ClientId = Secret.Create()[..22],
                    Name = clean.Name,
                    Kind = clean.Kind,
                    Authentication = clean.Authentication,
                    CreatedAt = now,
                };
                Apply(client, clean);
                var secret = client.Authentication == ClientAuthenticationKind.Secret ? AddSecret(administrator.Database, client) : null;
                administrator.Database.OpenIdClients.Add(client);
                administrator.Record(SecurityEventKind.ApplicationRegistered, client.Id, AuditDifference.Between(null, clean));
                await administrator.Database.SaveChangesAsync(cancellation);
                return new ClientChangeResult.Done(Describe(administrator, client), secret);
            },
            cancellationToken);

    /// <summary>Changes an application; what it is built as stays.</summary>
    public Task<AdministrationResult<ClientChangeResult>> ChangeAsync(
        AdministratorSession session, Guid id, ClientDraft draft, CancellationToken cancellationToken) => WithAsync(
            session,
            id,
            async (administrator, client, cancellation) =>
            {
                var (before, after) = (DraftOf(client), ClientRules.Clean(draft with { Kind = client.Kind }));
                if (ClientRules.Check(after) is { Count: > 0 } problems)
                {
                    return new ClientChangeResult.Invalid(problems);
                }

                if (AuditDifference.Between(before, after) is { Count: > 0 } differences)
                {
                    Apply(client, after);
                    administrator.Record(SecurityEventKind.ApplicationChanged, client.Id, differences);
                    await administrator.Database.SaveChangesAsync(cancellation);
                }

                return new ClientChangeResult.Done(Describe(administrator, client), NewSecret: null);
            },
            cancellationToken);

    /// <summary>Deletes an application with everything that it was given: its tokens are worth nothing at once.</summary>
    public Task<AdministrationResult<ClientChangeResult>> DeleteAsync(AdministratorSession session, Guid id, CancellationToken cancellationToken) => WithAsync(
        session,
        id,
        async (administrator, client, cancellation) =>
        {
            administrator.Database.OpenIdClients.Remove(client);
            administrator.Record(SecurityEventKind.ApplicationDeleted, client.Id, AuditDifference.Between(DraftOf(client), null));
            await administrator.Database.SaveChangesAsync(cancellation);
            return new ClientChangeResult.Deleted();
        },
        cancellationToken);

    /// <summary>Makes a second secret, so that the application can be moved over to it before the first is removed.</summary>
    public Task<AdministrationResult<ClientChangeResult>> AddSecretAsync(AdministratorSession session, Guid id, CancellationToken cancellationToken) => WithAsync(
        session,
        id,
        async (administrator, client, cancellation) =>
        {
            // The row is locked first: of two administrators at the same moment the second counts what the first made.
            await using var transaction = await administrator.Database.Database.BeginTransactionAsync(cancellation);
            await administrator.Database.OpenIdClients.Where(c => c.Id == id).ExecuteUpdateAsync(update => update.SetProperty(c => c.Name, c => c.Name), cancellation);
            var count = await administrator.Database.OpenIdClientSecrets.CountAsync(s => s.ClientId == id, cancellation);
            if (client.Authentication != ClientAuthenticationKind.Secret || count >= OpenIdClient.MaximumSecrets)
            {
                return new ClientChangeResult.NoRoomForSecret();
            }

            var secret = AddSecret(administrator.Database, client);
            administrator.Record(SecurityEventKind.ApplicationSecretAdded, client.Id);
            await administrator.Database.SaveChangesAsync(cancellation);
            await transaction.CommitAsync(cancellation);
            return new ClientChangeResult.Done(Describe(administrator, client), secret);
        },
        cancellationToken);

    /// <summary>Removes a secret: it stops working at once.</summary>
    public Task<AdministrationResult<ClientChangeResult>> RemoveSecretAsync(
        AdministratorSession session, Guid id, Guid secretId, CancellationToken cancellationToken) => WithAsync(
            session,
            id,
            async (administrator, client, cancellation) =>
            {
                if (client.Secrets.SingleOrDefault(s => s.Id == secretId) is not { } secret)
                {
                    return new ClientChangeResult.NotFound();
                }

                client.Secrets.Remove(secret);
                administrator.Database.OpenIdClientSecrets.Remove(secret);
                administrator.Record(SecurityEventKind.ApplicationSecretRemoved, client.Id);
                await administrator.Database.SaveChangesAsync(cancellation);
                return new ClientChangeResult.Done(Describe(administrator, client), NewSecret: null);
            },
            cancellationToken);

    private static ClientDraft DraftOf(OpenIdClient client) => new(
        client.Name,
        client.Kind,
        client.Authentication,
        client.IsFirstParty,
        client.RedirectUris,
        client.PostLogoutRedirectUris,
        client.Scopes,
        client.BackChannelLogoutUri,
        client.KeySetJson,
        client.AllowsMissingCodeChallenge);

    private static void Apply(OpenIdClient client, ClientDraft draft)
    {
        client.Name = draft.Name;
        client.Authentication = draft.Authentication;
        client.IsFirstParty = draft.IsFirstParty;
        client.RedirectUris = draft.RedirectUris;
        client.PostLogoutRedirectUris = draft.PostLogoutRedirectUris;
        client.Scopes = draft.Scopes;
        client.BackChannelLogoutUri = draft.BackChannelLogoutUri;
        client.KeySetJson = draft.KeySetJson;
        client.AllowsMissingCodeChallenge = draft.AllowsMissingCodeChallenge;
    }

    private string AddSecret(PortalDbContext database, OpenIdClient client)
    {
        var (now, text) = (time.GetUtcNow(), Secret.Create());
        var secret = new OpenIdClientSecret
        {
            Id = Guid.CreateVersion7(now),
            TenantId = client.TenantId,
            ClientId = client.Id,
            SecretHash = Secret.Hash(text),
            Ending = text[^SecretCharacters..],
            CreatedAt = now,
        };
        client.Secrets.Add(secret);
        database.OpenIdClientSecrets.Add(secret);
        return text;
    }

    private ClientDetails Describe(Administrator administrator, OpenIdClient client) => new(
        client.Id,
        client.ClientId,
        DraftOf(client),
        [.. client.Secrets.OrderBy(s => s.Id).Select(s => new ClientSecretInfo(s.Id, s.Ending, s.CreatedAt))],
        client.CreatedAt,
        issuers.Of(administrator.Tenant));

    private Task<AdministrationResult<ClientChangeResult>> WithAsync(
        AdministratorSession session,
        Guid id,
        Func<Administrator, OpenIdClient, CancellationToken, Task<ClientChangeResult>> work,
        CancellationToken cancellationToken) => access.RunAsync(
            session,
            AdministrationRight.Tenant,
            async (administrator, cancellation) =>
                await administrator.Database.OpenIdClients.Include(c => c.Secrets).SingleOrDefaultAsync(c => c.Id == id, cancellation) is { } client
                    ? await work(administrator, client, cancellation)
                    : new ClientChangeResult.NotFound(),
            cancellationToken);
}
