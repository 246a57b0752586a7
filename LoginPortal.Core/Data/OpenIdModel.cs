using System.Text.Json;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Data;

/// <summary>Tables, lengths, indexes and tenant filters of OpenID Connect.</summary>
internal static class OpenIdModel
{
    private const int SecretHashLength = 43;
    private const string TenantFilter = "Tenant";

    public static void Configure(ModelBuilder builder, PortalDbContext context)
    {
        ConfigureClients(builder, context);
        builder.Entity<AuthorizationRequest>(requests =>
        {
            requests.ToTable("AuthorizationRequests");
            requests.Property(r => r.BindingHash).HasMaxLength(SecretHashLength);
            requests.Property(r => r.HandleHash).HasMaxLength(SecretHashLength);
            requests.Property(r => r.Parameters).HasConversion(
                parameters => JsonSerializer.Serialize(parameters, JsonSerializerOptions.Web),
                text => JsonSerializer.Deserialize<AuthorizationParameters>(text, JsonSerializerOptions.Web)!);
            requests.HasIndex(r => r.HandleHash).IsUnique();
            requests.HasIndex(r => r.ExpiresAt);
            requests.HasOne<OpenIdClient>().WithMany().HasForeignKey(r => r.ClientId);
            requests.HasQueryFilter(TenantFilter, r => r.TenantId == context.TenantId);
        });
        builder.Entity<OpenIdGrant>(grants =>
        {
            grants.ToTable("OpenIdGrants");
            grants.Property(g => g.AuthenticationContextClass).HasMaxLength(64);
            grants.Property(g => g.SecurityStamp).HasMaxLength(64);
            grants.Property(g => g.DpopKeyThumbprint).HasMaxLength(SecretHashLength);
            grants.HasIndex(g => g.SessionId);
            grants.HasIndex(g => new { g.UserId, g.ClientId });
            grants.HasIndex(g => g.LogoutDueAt);
            grants.HasIndex(g => g.ExpiresAt);
            grants.HasOne(g => g.Client).WithMany().HasForeignKey(g => g.ClientId);
            grants.HasOne<PortalUser>().WithMany().HasForeignKey(g => g.UserId);
            grants.HasQueryFilter(TenantFilter, g => g.TenantId == context.TenantId);
        });
        builder.Entity<AuthorizationCode>(codes =>
        {
            codes.ToTable("AuthorizationCodes");
            codes.HasKey(c => c.CodeHash);
            codes.Property(c => c.CodeHash).HasMaxLength(SecretHashLength);
            codes.Property(c => c.CodeChallenge).HasMaxLength(SecretHashLength);
            codes.Property(c => c.RedirectUri).HasMaxLength(OpenIdClient.MaximumUriLength);
            codes.HasIndex(c => c.ExpiresAt);
            codes.HasOne<OpenIdGrant>().WithMany().HasForeignKey(c => c.GrantId);
            codes.HasQueryFilter(TenantFilter, c => c.TenantId == context.TenantId);
        });
        builder.Entity<OpenIdRefreshToken>(tokens =>
        {
            tokens.ToTable("OpenIdRefreshTokens");
            tokens.Property(t => t.TokenHash).HasMaxLength(SecretHashLength);
            tokens.Property(t => t.SpentBy).HasMaxLength(SecretHashLength);
            tokens.HasIndex(t => t.TokenHash).IsUnique();
            tokens.HasIndex(t => t.ExpiresAt);
            tokens.HasOne<OpenIdGrant>().WithMany().HasForeignKey(t => t.GrantId);
            tokens.HasQueryFilter(TenantFilter, t => t.TenantId == context.TenantId);
        });
        builder.Entity<OpenIdConsent>(consents =>
        {
            consents.ToTable("OpenIdConsents");
            consents.HasKey(c => new { c.UserId, c.ClientId });
            consents.HasOne<OpenIdClient>().WithMany().HasForeignKey(c => c.ClientId);
            consents.HasOne<PortalUser>().WithMany().HasForeignKey(c => c.UserId);
            consents.HasQueryFilter(TenantFilter, c => c.TenantId == context.TenantId);
        });
    }

    private static void ConfigureClients(ModelBuilder builder, PortalDbContext context)
    {
        builder.Entity<OpenIdClient>(clients =>
        {
            clients.ToTable("OpenIdClients");
            clients.Property(c => c.ClientId).HasMaxLength(OpenIdClient.MaximumClientIdLength);
            clients.Property(c => c.Name).HasMaxLength(OpenIdClient.MaximumNameLength);
            clients.Property(c => c.BackChannelLogoutUri).HasMaxLength(OpenIdClient.MaximumUriLength);
            clients.HasIndex(c => new { c.TenantId, c.ClientId }).IsUnique();
            clients.HasMany(c => c.Secrets).WithOne().HasForeignKey(s => s.ClientId);
            clients.HasOne<Tenant>().WithMany().HasForeignKey(c => c.TenantId);
            clients.HasQueryFilter(TenantFilter, c => c.TenantId == context.TenantId);
        });
        builder.Entity<OpenIdClientSecret>(secrets =>
        {
            secrets.ToTable("OpenIdClientSecrets");
            secrets.Property(s => s.SecretHash).HasMaxLength(SecretHashLength);
            secrets.Property(s => s.Ending).HasMaxLength(4);
            secrets.HasQueryFilter(TenantFilter, s => s.TenantId == context.TenantId);
        });
    }
}
