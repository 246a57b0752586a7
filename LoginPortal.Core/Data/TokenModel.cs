using LoginPortal.Core.Accounts;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Data;

/// <summary>Tables, lengths, indexes and tenant filters of what clients without a browser hold.</summary>
internal static class TokenModel
{
    private const int SecretHashLength = 43;
    private const int ContractLength = 32;
    private const string TenantFilter = "Tenant";

    public static void Configure(ModelBuilder builder, PortalDbContext context)
    {
        builder.Entity<SigningKey>(keys =>
        {
            keys.ToTable("SigningKeys");
            keys.Property(k => k.Id).HasMaxLength(32);
            keys.HasIndex(k => k.Number).IsUnique();
        });
        builder.Entity<RefreshToken>(tokens =>
        {
            tokens.ToTable("RefreshTokens");
            tokens.Property(t => t.HandleHash).HasMaxLength(SecretHashLength);
            tokens.Property(t => t.TokenHash).HasMaxLength(SecretHashLength);
            tokens.Property(t => t.Contract).HasMaxLength(ContractLength);
            tokens.Property(t => t.PreviousTokenHash).HasMaxLength(SecretHashLength);
            tokens.Property(t => t.ReplacedBy).HasMaxLength(SecretHashLength);
            tokens.HasIndex(t => t.HandleHash).IsUnique();
            tokens.HasIndex(t => t.ExpiresAt);
            tokens.HasOne<Session>().WithMany().HasForeignKey(t => t.SessionId);
            tokens.HasQueryFilter(TenantFilter, t => t.TenantId == context.TenantId);
        });
        builder.Entity<ApiKey>(keys =>
        {
            keys.ToTable("ApiKeys");
            keys.Property(k => k.KeyHash).HasMaxLength(SecretHashLength);
            keys.Property(k => k.Name).HasMaxLength(ApiKey.MaximumNameLength);
            keys.HasIndex(k => k.KeyHash).IsUnique();
            keys.HasIndex(k => k.ExpiresAt);
            keys.HasOne<PortalUser>().WithMany().HasForeignKey(k => k.UserId);
            keys.HasOne<Session>().WithMany().HasForeignKey(k => k.SessionId);
            keys.HasQueryFilter(TenantFilter, k => k.TenantId == context.TenantId);
        });
        builder.Entity<FlowHandle>(handles =>
        {
            handles.ToTable("FlowHandles");
            handles.HasKey(h => h.HandleHash);
            handles.Property(h => h.HandleHash).HasMaxLength(SecretHashLength);
            handles.Property(h => h.Contract).HasMaxLength(ContractLength);
            handles.HasOne<FlowRecord>().WithMany().HasForeignKey(h => h.FlowId);
            handles.HasQueryFilter(TenantFilter, h => h.TenantId == context.TenantId);
        });
        builder.Entity<TenantOrigin>(origins =>
        {
            origins.ToTable("TenantOrigins");
            origins.HasKey(o => new { o.Origin, o.TenantId });
            origins.Property(o => o.Origin).HasMaxLength(300);
            origins.HasOne<Tenant>().WithMany().HasForeignKey(o => o.TenantId);
        });

        // For clients that name no tenant: which is the only one that knows the address?
        builder.Entity<PortalUser>().HasIndex(u => u.NormalizedUserName);
    }
}
