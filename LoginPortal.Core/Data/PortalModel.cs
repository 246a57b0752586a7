using System.Text.Json;
using System.Text.Json.Serialization;
using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace LoginPortal.Core.Data;

/// <summary>Tables, lengths, indexes and tenant filters.</summary>
internal static partial class PortalModel
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

    private static void AsJson<T>(PropertyBuilder<T> property)
        where T : class? => AsJson(property, (text, options) => JsonSerializer.Deserialize<T>(text, options)!);

    private static void AsJson<T>(PropertyBuilder<T> property, Func<string, JsonSerializerOptions, T> read)
        where T : class? => property.HasConversion(
            document => JsonSerializer.Serialize(document, JsonOptions),
            text => read(text, JsonOptions));
}
