using LoginPortal.Core.Administration;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Registration;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Setup;

/// <summary>Deletes what can no longer be used. Every node may do it at the same time: the statements are idempotent.</summary>
public sealed class ExpiredDataCleanup(IServiceScopeFactory scopes, TimeProvider time, ILogger<ExpiredDataCleanup> logger)
    : RecurringService(Interval, time, logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(15);

    /// <summary>How long counters of guesses are kept after the last one.</summary>
    private static readonly TimeSpan CounterRetention = TimeSpan.FromDays(1);

    /// <summary>How long expired flows are kept: until then their page can still offer to start over with the address.</summary>
    private static readonly TimeSpan FlowRetention = TimeSpan.FromDays(1);

    /// <summary>How long sessions are kept after their end.</summary>
    private static readonly TimeSpan SessionRetention = TimeSpan.FromDays(30);

    /// <summary>How long authorization codes are kept: until then a second use is noticed.</summary>
    private static readonly TimeSpan CodeRetention = TimeSpan.FromDays(1);

    /// <summary>How long mails are kept after they were sent or given up.</summary>
    private static readonly TimeSpan MailRetention = TimeSpan.FromDays(30);

    /// <summary>Deletes once.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var now = Time.GetUtcNow();
        var (flowLimit, counterLimit, sessionLimit) = (now - FlowRetention, now - CounterRetention, now - SessionRetention);
        var codeLimit = now - CodeRetention;
        var unconfirmedLimit = now - AccountRegistration.UnconfirmedLifetime;
        var (mailLimit, allowanceLimit) = (now - MailRetention, now - MailAllowance.Window);
        await database.HandoffTickets.IgnoreQueryFilters().Where(t => t.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.OneTimeLinks.IgnoreQueryFilters().Where(l => l.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.SpentChallenges.IgnoreQueryFilters().Where(c => c.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.TrustedDevices.IgnoreQueryFilters().Where(d => d.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.FlowHandles.IgnoreQueryFilters().Where(h => h.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.RefreshTokens.IgnoreQueryFilters().Where(t => t.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.ApiKeys.IgnoreQueryFilters().Where(k => k.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.AuthorizationRequests.IgnoreQueryFilters().Where(r => r.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.AuthorizationCodes.IgnoreQueryFilters().Where(c => c.ExpiresAt <= codeLimit).ExecuteDeleteAsync(cancellationToken);
        await database.OpenIdRefreshTokens.IgnoreQueryFilters().Where(t => t.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.OpenIdGrants.IgnoreQueryFilters().Where(g => g.ExpiresAt <= now && g.LogoutDueAt == null).ExecuteDeleteAsync(cancellationToken);
        await database.TenantDomains.Where(d => d.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await BrandingAssets.DeleteUnusedAsync(database, now, cancellationToken);
        await database.SigningKeys.Where(k => k.PublishedUntil <= now).ExecuteDeleteAsync(cancellationToken);
        await database.Flows.IgnoreQueryFilters().Where(f => f.ExpiresAt <= flowLimit).ExecuteDeleteAsync(cancellationToken);
        await database.Sessions.IgnoreQueryFilters().Where(s => s.ExpiresAt <= sessionLimit).ExecuteDeleteAsync(cancellationToken);
        await database.OutboxMails.IgnoreQueryFilters()
            .Where(m => m.SentAt <= mailLimit || (m.SentAt == null && m.ParkedAt <= mailLimit))
            .ExecuteDeleteAsync(cancellationToken);
        await database.Invitations.IgnoreQueryFilters().Where(i => i.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.AccountImports.IgnoreQueryFilters().Where(i => i.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.AddressChanges.IgnoreQueryFilters().Where(c => c.ExpiresAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.NetworkAllowances.IgnoreQueryFilters().Where(a => a.EndsAt <= now).ExecuteDeleteAsync(cancellationToken);
        await database.Users.IgnoreQueryFilters()
            .Where(u => !u.EmailConfirmed && u.CreatedAt <= unconfirmedLimit && u.RegistrationFlowId != null && u.LastSignInAt == null)
            .ExecuteDeleteAsync(cancellationToken);
        await database.MailAllowances.IgnoreQueryFilters().Where(a => a.Last <= allowanceLimit).ExecuteDeleteAsync(cancellationToken);
        await database.AttemptCounters.IgnoreQueryFilters()
            .Where(c => c.LastAttemptAt <= counterLimit && c.Failures < AttemptReservations.FreeAttempts)
            .ExecuteDeleteAsync(cancellationToken);
    }

    /// <inheritdoc />
    protected override async Task<bool> TakeTurnAsync(CancellationToken cancellationToken)
    {
        await RunOnceAsync(cancellationToken);
        return false;
    }
}
