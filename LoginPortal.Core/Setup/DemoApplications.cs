using LoginPortal.Core.Data;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Setup;

/// <summary>The applications in <c>samples/</c>, registered at the demo organisation Acme. For Development only.</summary>
public static class DemoApplications
{
    /// <summary>The <c>client_id</c> of the ASP.NET Core sample, which is Acme's own.</summary>
    public const string Web = "sample-web";

    /// <summary>Its secret.</summary>
    public const string WebSecret = "sample-secret-for-development-only";

    /// <summary>The <c>client_id</c> of the single-page sample, which is somebody else's and asks for consent.</summary>
    public const string SinglePage = "sample-spa";

    internal static async Task AddAsync(PortalDbContext database, TenantProfile tenant, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (await database.OpenIdClients.AnyAsync(cancellationToken))
        {
            return;
        }

        var web = new OpenIdClient
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Id,
            ClientId = Web,
            Name = "Acme Orders",
            Kind = OpenIdClientKind.Web,
            Authentication = ClientAuthenticationKind.Secret,
            IsFirstParty = true,
            RedirectUris = ["http://localhost:5090/signin-oidc"],
            PostLogoutRedirectUris = ["http://localhost:5090/"],
            BackChannelLogoutUri = "http://localhost:5090/backchannel-logout",
            Scopes = OpenIdScope.All,
            CreatedAt = now,
        };
        web.Secrets.Add(new OpenIdClientSecret
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Id,
            ClientId = web.Id,
            SecretHash = Secret.Hash(WebSecret),
            Ending = WebSecret[^4..],
            CreatedAt = now,
        });
        database.OpenIdClients.AddRange(web, new OpenIdClient
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Id,
            ClientId = SinglePage,
            Name = "Notes",
            Kind = OpenIdClientKind.SinglePage,
            Authentication = ClientAuthenticationKind.None,
            RedirectUris = ["http://localhost:5091/"],
            PostLogoutRedirectUris = ["http://localhost:5091/"],
            Scopes = OpenIdScope.All,
            CreatedAt = now,
        });
        await database.SaveChangesAsync(cancellationToken);
    }
}
