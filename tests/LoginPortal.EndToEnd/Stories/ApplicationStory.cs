using LoginPortal.Core.Data;
using LoginPortal.Core.OpenId;
using LoginPortal.EndToEnd.Fixtures;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>An application on a port of its own, and its registration at the portal.</summary>
public abstract class ApplicationStory(Portal portal, Chromium chromium) : Story(portal, chromium, Way.InCircuit), IClassFixture<Portal>
{
    protected const string ClientSecret = "a secret: with / every+thing%20";

    protected int Port { get; } = ApplicationProcess.FreePort();

    protected string Home => $"http://localhost:{Port}/";

    protected string Issuer(string tenant) => Portal.Address($"/t/{tenant}");

    protected Task AddClientAsync(
        string clientId, string path, OpenIdClientKind kind = OpenIdClientKind.Web, Action<OpenIdClient>? configure = null, string tenant = "acme") =>
        Portal.ChangeAsync(tenant, (database, profile) =>
        {
            var now = Portal.Clock.GetUtcNow();
            var client = new OpenIdClient
            {
                Id = Guid.CreateVersion7(now),
                TenantId = profile.Id,
                ClientId = clientId,
                Name = clientId,
                Kind = kind,
                Authentication = kind == OpenIdClientKind.Web ? ClientAuthenticationKind.Secret : ClientAuthenticationKind.None,
                IsFirstParty = true,
                RedirectUris = [Home + path],
                PostLogoutRedirectUris = [Home],
                Scopes = OpenIdScope.All,
                CreatedAt = now,
            };
            configure?.Invoke(client);
            if (client.Authentication == ClientAuthenticationKind.Secret)
            {
                client.Secrets.Add(new OpenIdClientSecret
                {
                    Id = Guid.CreateVersion7(now), TenantId = profile.Id, ClientId = client.Id, SecretHash = Secret.Hash(ClientSecret), Ending = "%20", CreatedAt = now,
                });
            }

            database.OpenIdClients.Add(client);
            return Task.CompletedTask;
        });
}
