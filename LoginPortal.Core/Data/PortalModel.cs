using System.Text.Json;
using System.Text.Json.Serialization;
using LoginPortal.Core.AccountImports;
using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.AddressChanges;
using LoginPortal.Core.Audit;
using LoginPortal.Core.EmailCodes;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Throttling;
using LoginPortal.Core.Totp;
using LoginPortal.Core.TrustedDevices;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LoginPortal.Core.Data;

/// <summary>Tables, lengths, indexes and tenant filters.</summary>
internal static class PortalModel
{
    private const int SecretHashLength = 43;
    private const string TenantFilter = "Tenant";

    private static readonly JsonSerializerOptions JsonOptions = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    public static void Configure(ModelBuilder builder, PortalDbContext context)
    {
        ConfigureTenants(builder, context);
        ConfigureUsers(builder, context);
        ConfigureSignIn(builder, context);
        ConfigureSessions(builder, context);
        ConfigureSecondFactors(builder, context);
        ConfigurePasskeys(builder, context);
        ConfigureMail(builder, context);
        ConfigureThrottling(builder, context);
        ConfigureAccountLinks(builder, context);
        ConfigureImports(builder, context);
        TokenModel.Configure(builder, context);
        OpenIdModel.Configure(builder, context);

        builder.Entity<SecurityEvent>(events =>
        {
            events.ToTable("SecurityEvents");
            events.Property(e => e.Kind).HasMaxLength(64);
            events.Property(e => e.IpAddress).HasMaxLength(45);
            events.Property(e => e.Reason).HasMaxLength(64);
            AsJson(events.Property(e => e.Differences));
            events.Property(e => e.Differences).Metadata
                .SetValueComparer(new ValueComparer<IReadOnlyList<AuditDifference>>(favorStructuralComparisons: false));
            events.HasIndex(e => new { e.TenantId, e.OccurredAt });
            events.HasIndex(e => new { e.TenantId, e.SubjectId, e.OccurredAt });
            events.HasIndex(e => new { e.TenantId, e.ActorId, e.OccurredAt });
            events.HasIndex(e => new { e.TenantId, e.IpAddress, e.OccurredAt });

            // All that is counted by day is in it.
            events.HasIndex(e => new { e.TenantId, e.Kind, e.OccurredAt, e.Outcome, e.Reason });
            events.HasQueryFilter(TenantFilter, e => e.TenantId == context.TenantId);
        });
        builder.Entity<OneTimeLink>(links =>
        {
            links.ToTable("OneTimeLinks");
            links.HasKey(l => l.TokenHash);
            links.Property(l => l.TokenHash).HasMaxLength(SecretHashLength);
            links.Property(l => l.Purpose).HasMaxLength(32);
            links.HasIndex(l => l.ExpiresAt);
            links.HasIndex(l => new { l.TenantId, l.Purpose, l.SubjectId });
            links.HasQueryFilter(TenantFilter, l => l.TenantId == context.TenantId);
        });
        builder.Entity<DataProtectionKey>(keys =>
        {
            keys.ToTable("DataProtectionKeys");
            keys.Property(k => k.FriendlyName).HasMaxLength(256);
        });
        builder.Entity<PortalSecret>(secrets =>
        {
            secrets.ToTable("PortalSecrets");
            secrets.HasKey(s => s.Name);
            secrets.Property(s => s.Name).HasMaxLength(32);
        });

        // Identifiers are made here, not by the database: without this, a new row reached through another is taken for an old one.
        foreach (var key in builder.Model.GetEntityTypes().SelectMany(entity => entity.GetKeys()).SelectMany(key => key.Properties))
        {
            if (key.ClrType == typeof(Guid))
            {
                key.ValueGenerated = ValueGenerated.Never;
            }
        }
    }

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

    private static void ConfigureSignIn(ModelBuilder builder, PortalDbContext context)
    {
        builder.Entity<FlowRecord>(flows =>
        {
            flows.ToTable("SignInFlows");
            flows.Property(f => f.BindingHash).HasMaxLength(SecretHashLength);
            flows.Property(f => f.Identifier).HasMaxLength(EmailAddress.MaximumLength);
            flows.Property(f => f.ReturnUrl).HasMaxLength(2048);
            flows.Property(f => f.Version).IsConcurrencyToken();
            flows.HasOne<Tenant>().WithMany().HasForeignKey(f => f.TenantId);
            flows.HasIndex(f => f.ExpiresAt);
            flows.HasQueryFilter(TenantFilter, f => f.TenantId == context.TenantId);
        });
        builder.Entity<AttemptCounter>(counters =>
        {
            counters.ToTable("AttemptCounters");
            counters.HasKey(c => new { c.TenantId, c.Factor, c.Subject });
            counters.Property(c => c.Factor).HasMaxLength(32);
            counters.Property(c => c.Subject).HasMaxLength(64);
            counters.HasIndex(c => c.LastAttemptAt);
            counters.HasQueryFilter(TenantFilter, c => c.TenantId == context.TenantId);
        });
    }

    private static void ConfigureSessions(ModelBuilder builder, PortalDbContext context)
    {
        builder.Entity<Session>(sessions =>
        {
            sessions.ToTable("Sessions");
            sessions.Property(s => s.TokenHash).HasMaxLength(SecretHashLength);
            sessions.HasIndex(s => s.TokenHash).IsUnique();
            sessions.HasIndex(s => new { s.TenantId, s.UserId, s.ExpiresAt });
            sessions.HasIndex(s => s.ExpiresAt);
            sessions.Property(s => s.IpAddress).HasMaxLength(45);
            sessions.Property(s => s.UserAgent).HasMaxLength(512);
            sessions.Property(s => s.DeviceLabel).HasMaxLength(128);
            sessions.Property(s => s.EndReason).HasMaxLength(32);
            sessions.Property(s => s.AuthenticationContextClass).HasMaxLength(64);
            sessions.HasOne(s => s.User).WithMany().HasForeignKey(s => s.UserId);
            sessions.HasQueryFilter(TenantFilter, s => s.TenantId == context.TenantId);
        });
        builder.Entity<HandoffTicket>(tickets =>
        {
            tickets.ToTable("HandoffTickets");
            tickets.HasKey(t => t.TicketHash);
            tickets.Property(t => t.TicketHash).HasMaxLength(SecretHashLength);
            tickets.Property(t => t.BindingHash).HasMaxLength(SecretHashLength);
            tickets.HasOne<Session>().WithMany().HasForeignKey(t => t.SessionId);
            tickets.HasIndex(t => t.ExpiresAt);
            tickets.HasQueryFilter(TenantFilter, t => t.TenantId == context.TenantId);
        });
    }

    private static void ConfigureMail(ModelBuilder builder, PortalDbContext context)
    {
        builder.Entity<OutboxMail>(mails =>
        {
            mails.ToTable("OutboxMails");
            mails.Property(m => m.Recipient).HasMaxLength(EmailAddress.MaximumLength);
            mails.Property(m => m.SenderName).HasMaxLength(128);
            mails.Property(m => m.Subject).HasMaxLength(300);
            mails.Property(m => m.LastError).HasMaxLength(500);
            mails.HasIndex(m => new { m.SentAt, m.ParkedAt, m.NextAttemptAt });
            mails.HasIndex(m => new { m.TenantId, m.CreatedAt });
            mails.HasOne<PortalUser>().WithMany().HasForeignKey(m => m.UserId).OnDelete(DeleteBehavior.Cascade);
            mails.HasOne<Tenant>().WithMany().HasForeignKey(m => m.TenantId);
            mails.HasQueryFilter(TenantFilter, m => m.TenantId == context.TenantId);
        });
        builder.Entity<MailAllowance>(allowances =>
        {
            allowances.ToTable("MailAllowances");
            allowances.HasKey(a => new { a.TenantId, a.Purpose, a.Subject });
            allowances.Property(a => a.Purpose).HasMaxLength(32);
            allowances.Property(a => a.Subject).HasMaxLength(SecretHashLength);
            allowances.HasIndex(a => a.Last);
            allowances.HasQueryFilter(TenantFilter, a => a.TenantId == context.TenantId);
        });
        builder.Entity<AccountRequest>(requests =>
        {
            requests.ToTable("AccountRequests");
            requests.Property(r => r.Address).HasMaxLength(EmailAddress.MaximumLength);
            requests.Property(r => r.Language).HasMaxLength(16);
            requests.Property(r => r.IpAddress).HasMaxLength(45);
            requests.HasOne<Tenant>().WithMany().HasForeignKey(r => r.TenantId);
            requests.HasQueryFilter(TenantFilter, r => r.TenantId == context.TenantId);
        });
    }

    private static void ConfigureThrottling(ModelBuilder builder, PortalDbContext context)
    {
        builder.Entity<NetworkAllowance>(allowances =>
        {
            allowances.ToTable("NetworkAllowances");
            allowances.HasKey(a => new { a.TenantId, a.Purpose, a.Network });
            allowances.Property(a => a.Purpose).HasMaxLength(32);
            allowances.Property(a => a.Network).HasMaxLength(48);
            allowances.HasIndex(a => a.EndsAt);
            allowances.HasQueryFilter(TenantFilter, a => a.TenantId == context.TenantId);
        });
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

    private static void ConfigureSecondFactors(ModelBuilder builder, PortalDbContext context)
    {
        builder.Entity<EmailCode>(codes =>
        {
            codes.ToTable("EmailCodes");
            codes.HasKey(c => c.FlowId);
            codes.HasOne<FlowRecord>().WithOne().HasForeignKey<EmailCode>(c => c.FlowId);
            codes.HasQueryFilter(TenantFilter, c => c.TenantId == context.TenantId);
        });
        builder.Entity<Authenticator>(authenticators =>
        {
            authenticators.ToTable("Authenticators");
            authenticators.Property(a => a.Name).HasMaxLength(Authenticator.MaximumNameLength);
            authenticators.HasOne<PortalUser>().WithMany().HasForeignKey(a => a.UserId);
            authenticators.HasQueryFilter(TenantFilter, a => a.TenantId == context.TenantId);
        });
        builder.Entity<RecoveryCode>(codes =>
        {
            codes.ToTable("RecoveryCodes");
            codes.HasKey(c => c.CodeHash);
            codes.Property(c => c.CodeHash).HasMaxLength(SecretHashLength);
            codes.HasOne<PortalUser>().WithMany().HasForeignKey(c => c.UserId);
            codes.HasQueryFilter(TenantFilter, c => c.TenantId == context.TenantId);
        });
        builder.Entity<TrustedDevice>(devices =>
        {
            devices.ToTable("TrustedDevices");
            devices.Property(d => d.TokenHash).HasMaxLength(SecretHashLength);
            devices.HasIndex(d => d.TokenHash).IsUnique();
            devices.HasIndex(d => d.ExpiresAt);
            devices.Property(d => d.DeviceLabel).HasMaxLength(128);
            devices.HasOne<PortalUser>().WithMany().HasForeignKey(d => d.UserId);
            devices.HasQueryFilter(TenantFilter, d => d.TenantId == context.TenantId);
        });
    }

    private static void ConfigurePasskeys(ModelBuilder builder, PortalDbContext context)
    {
        builder.Entity<Passkey>(passkeys =>
        {
            passkeys.ToTable("Passkeys");
            passkeys.Property(p => p.CredentialId).HasMaxLength(Passkey.MaximumCredentialIdLength);
            passkeys.Property(p => p.Name).HasMaxLength(Passkey.MaximumNameLength);
            passkeys.HasIndex(p => new { p.CredentialId, p.TenantId }).IsUnique();
            passkeys.HasOne<PortalUser>().WithMany().HasForeignKey(p => p.UserId);
            passkeys.HasQueryFilter(TenantFilter, p => p.TenantId == context.TenantId);
        });
        builder.Entity<SpentChallenge>(challenges =>
        {
            challenges.ToTable("SpentChallenges");
            challenges.HasKey(c => c.ChallengeHash);
            challenges.Property(c => c.ChallengeHash).HasMaxLength(SecretHashLength);
            challenges.HasIndex(c => c.ExpiresAt);
            challenges.HasQueryFilter(TenantFilter, c => c.TenantId == context.TenantId);
        });
    }

    private static void AsJson<T>(PropertyBuilder<T> property)
        where T : class? => AsJson(property, (text, options) => JsonSerializer.Deserialize<T>(text, options)!);

    private static void AsJson<T>(PropertyBuilder<T> property, Func<string, JsonSerializerOptions, T> read)
        where T : class? => property.HasConversion(
            document => JsonSerializer.Serialize(document, JsonOptions),
            text => read(text, JsonOptions));
}
