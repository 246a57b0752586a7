using LoginPortal.Core.AccountImports;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.AddressChanges;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LoginPortal.Core.Data;

/// <content>People, and what opens or changes their accounts.</content>
internal static partial class PortalModel
{
    private static void ConfigureUsers(ModelBuilder builder, PortalDbContext context)
    {
        builder.Entity<IdentityUserClaim<Guid>>().ToTable("UserClaims");
        builder.Entity<IdentityUserLogin<Guid>>().ToTable("UserLogins");
        builder.Entity<IdentityUserToken<Guid>>().ToTable("UserTokens");
        builder.Entity<PortalUser>(users => ConfigureUser(users, context));
        builder.Entity<ProfilePicture>(pictures =>
        {
            pictures.ToTable("ProfilePictures");
            pictures.HasKey(p => p.UserId);
            pictures.Property(p => p.Key).HasMaxLength(64);
            pictures.Property(p => p.ContentType).HasMaxLength(64);
            pictures.HasIndex(p => new { p.TenantId, p.Key });
            pictures.HasOne<PortalUser>().WithOne().HasForeignKey<ProfilePicture>(p => p.UserId);
            pictures.HasQueryFilter(TenantFilter, p => p.TenantId == context.TenantId);
        });
    }

    private static void ConfigureUser(EntityTypeBuilder<PortalUser> users, PortalDbContext context)
    {
        users.ToTable("Users");

        // Identity makes names unique over the whole table; here an address is one person per tenant.
        users.Metadata.RemoveIndex(users.Metadata.FindIndex(users.Metadata.FindProperty(nameof(PortalUser.NormalizedUserName))!)!);
        users.Metadata.RemoveIndex(users.Metadata.FindIndex(users.Metadata.FindProperty(nameof(PortalUser.NormalizedEmail))!)!);
        users.HasIndex(u => new { u.TenantId, u.NormalizedUserName }).IsUnique();
        users.HasIndex(u => new { u.TenantId, u.NormalizedEmail }).IsUnique();
        users.HasIndex(u => new { u.TenantId, u.Role });
        users.HasIndex(u => new { u.TenantId, u.SearchName, u.Id });
        users.HasIndex(u => new { u.TenantId, u.SearchNameReversed, u.Id });
        users.HasIndex(u => new { u.TenantId, u.CreatedAt, u.Id });
        users.HasIndex(u => new { u.TenantId, u.LastSignInAt, u.Id });

        // Few accounts of many are closed, or wait for their mailbox: each list has an index of its own.
        users.HasIndex(u => new { u.TenantId, u.NormalizedEmail }, "IX_Users_Disabled").HasFilter("\"DisabledAt\" IS NOT NULL");
        users.HasIndex(u => new { u.TenantId, u.EmailConfirmed, u.NormalizedEmail });

        users.Property(u => u.GivenName).HasMaxLength(100);
        users.Property(u => u.FamilyName).HasMaxLength(100);
        users.Property(u => u.SearchName).HasMaxLength(PortalUser.MaximumSearchLength);
        users.Property(u => u.SearchNameReversed).HasMaxLength(PortalUser.MaximumSearchLength);
        if (context is PostgreSqlPortalDbContext)
        {
            // Searched by their beginnings, which only an order by code points keeps together. SQLite knows no other.
            users.Property(u => u.NormalizedEmail).UseCollation("C");
            users.Property(u => u.SearchName).UseCollation("C");
            users.Property(u => u.SearchNameReversed).UseCollation("C");
        }

        users.Property(u => u.Language).HasMaxLength(16);
        users.Property(u => u.TimeZone).HasMaxLength(64);
        AsJson(users.Property(u => u.CustomFields));
        users.Property(u => u.CustomFields).HasDefaultValueSql("'{}'");

        // The values are replaced as a whole, never changed in place.
        users.Property(u => u.CustomFields).Metadata
            .SetValueComparer(new ValueComparer<IReadOnlyDictionary<string, string>>(favorStructuralComparisons: false));
        users.Property(u => u.AcceptedTermsVersion).HasMaxLength(32);
        users.HasIndex(u => new { u.TenantId, u.RegistrationFlowId });
        users.HasIndex(u => new { u.EmailConfirmed, u.CreatedAt });
        users.HasIndex(u => u.ErasureDueAt);
        users.HasOne(u => u.Tenant).WithMany().HasForeignKey(u => u.TenantId);
        users.HasQueryFilter(TenantFilter, u => u.TenantId == context.TenantId);
    }

    private static void ConfigureAccountLinks(ModelBuilder builder, PortalDbContext context)
    {
        builder.Entity<Invitation>(invitations =>
        {
            invitations.ToTable("Invitations");
            invitations.Property(i => i.Email).HasMaxLength(EmailAddress.MaximumLength);
            invitations.Property(i => i.NormalizedEmail).HasMaxLength(EmailAddress.MaximumLength);
            invitations.HasIndex(i => new { i.TenantId, i.NormalizedEmail }).IsUnique();
            invitations.HasIndex(i => i.ExpiresAt);
            invitations.HasOne<Tenant>().WithMany().HasForeignKey(i => i.TenantId);
            invitations.HasQueryFilter(TenantFilter, i => i.TenantId == context.TenantId);
        });
        builder.Entity<AddressChange>(changes =>
        {
            changes.ToTable("AddressChanges");
            changes.Property(c => c.PreviousAddress).HasMaxLength(EmailAddress.MaximumLength);
            changes.Property(c => c.NewAddress).HasMaxLength(EmailAddress.MaximumLength);
            changes.HasIndex(c => c.ExpiresAt);
            changes.HasOne<PortalUser>().WithMany().HasForeignKey(c => c.UserId);
            changes.HasQueryFilter(TenantFilter, c => c.TenantId == context.TenantId);
        });
    }

    private static void ConfigureImports(ModelBuilder builder, PortalDbContext context)
    {
        builder.Entity<AccountImport>(imports =>
        {
            imports.ToTable("AccountImports");
            imports.Property(i => i.FileName).HasMaxLength(AccountImport.MaximumFileNameLength);
            imports.HasIndex(i => new { i.TenantId, i.CreatedAt });
            imports.HasIndex(i => i.ExpiresAt);
            imports.HasOne<Tenant>().WithMany().HasForeignKey(i => i.TenantId);
            imports.HasQueryFilter(TenantFilter, i => i.TenantId == context.TenantId);
        });
        builder.Entity<AccountImportRow>(rows =>
        {
            rows.ToTable("AccountImportRows");
            rows.HasKey(r => new { r.ImportId, r.Line });
            rows.Property(r => r.Address).HasMaxLength(EmailAddress.MaximumLength);
            rows.Property(r => r.NormalizedAddress).HasMaxLength(EmailAddress.MaximumLength);
            rows.Property(r => r.GivenName).HasMaxLength(RegistrationRules.MaximumNameLength);
            rows.Property(r => r.FamilyName).HasMaxLength(RegistrationRules.MaximumNameLength);
            rows.Property(r => r.Role).HasMaxLength(AccountImportRow.MaximumWordLength);
            rows.Property(r => r.Language).HasMaxLength(AccountImportRow.MaximumWordLength);
            rows.HasIndex(r => new { r.TenantId, r.NormalizedAddress });
            rows.HasOne<AccountImport>().WithMany().HasForeignKey(r => r.ImportId);
            rows.HasQueryFilter(TenantFilter, r => r.TenantId == context.TenantId);
        });
    }
}
