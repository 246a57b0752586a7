using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Data;

/// <content>Tenants, their hosts and their branding.</content>
internal static partial class PortalModel
{
    private static void ConfigureTenants(ModelBuilder builder, PortalDbContext context)
    {
        builder.Entity<Tenant>(tenants =>
        {
            tenants.ToTable("Tenants");
            tenants.Property(t => t.Slug).HasMaxLength(40);
            tenants.HasIndex(t => t.Slug).IsUnique();
            tenants.HasIndex(t => t.DeletionDueAt);
            if (context is PostgreSqlPortalDbContext)
            {
                tenants.Property(t => t.Slug).UseCollation("C");
            }

            tenants.Property(t => t.DisplayName).HasMaxLength(128);
            AsJson(tenants.Property(t => t.Policy), JsonDocumentMemory<TenantPolicy>.Read);
            tenants.HasOne(t => t.BrandingRevision).WithMany().HasForeignKey(t => t.BrandingRevisionId).OnDelete(DeleteBehavior.Restrict);
            tenants.HasMany(t => t.Domains).WithOne().HasForeignKey(d => d.TenantId);
        });
        builder.Entity<TenantDomain>(domains =>
        {
            domains.ToTable("TenantDomains");
            domains.Property(d => d.Host).HasMaxLength(253);
            domains.Property(d => d.Token).HasMaxLength(64);

            // Anybody may claim a host, one tenant alone can have proved it.
            domains.HasIndex(d => d.Host).IsUnique().HasFilter("\"VerifiedAt\" IS NOT NULL");
            domains.HasIndex(d => new { d.TenantId, d.Host }).IsUnique();
            domains.HasIndex(d => d.ExpiresAt);
        });
        builder.Entity<BrandingRevision>(revisions =>
        {
            revisions.ToTable("BrandingRevisions");
            AsJson(revisions.Property(r => r.Document), JsonDocumentMemory<Branding>.Read);
            revisions.HasIndex(r => new { r.TenantId, r.Number }).IsUnique();
        });
        builder.Entity<BrandingDraft>(drafts =>
        {
            drafts.ToTable("BrandingDrafts");
            drafts.HasKey(d => d.TenantId);
            AsJson(drafts.Property(d => d.Document));
            drafts.Property(d => d.Version).IsConcurrencyToken();
            drafts.HasOne<Tenant>().WithOne().HasForeignKey<BrandingDraft>(d => d.TenantId);
            drafts.HasQueryFilter(TenantFilter, d => d.TenantId == context.TenantId);
        });
        builder.Entity<BrandAsset>(assets =>
        {
            assets.ToTable("BrandAssets");
            assets.HasKey(a => new { a.TenantId, a.Key });
            assets.Property(a => a.Key).HasMaxLength(64);
            assets.Property(a => a.ContentType).HasMaxLength(64);
            assets.HasIndex(a => a.DraftUntil);
            assets.HasOne<Tenant>().WithMany().HasForeignKey(a => a.TenantId);
            assets.HasQueryFilter(TenantFilter, a => a.TenantId == context.TenantId);
        });
    }
}
