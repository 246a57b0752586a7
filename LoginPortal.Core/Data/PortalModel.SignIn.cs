using LoginPortal.Core.Accounts;
using LoginPortal.Core.EmailCodes;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Throttling;
using LoginPortal.Core.Totp;
using LoginPortal.Core.TrustedDevices;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Data;

/// <content>Sign-ins, sessions and factors.</content>
internal static partial class PortalModel
{
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
}
