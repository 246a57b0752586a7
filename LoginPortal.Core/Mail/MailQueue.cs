using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Mail;

/// <summary>What an operator of the platform sees of mails that no server took, of every tenant. What they say is not shown: it is not theirs to read.</summary>
public sealed class MailQueue(AdministratorAccess access, TimeProvider time)
{
    /// <summary>How many are listed; there are more only where nothing is delivered at all.</summary>
    public const int ListLength = 100;

    /// <summary>The mails that were tried in vain, those that were given up first, then the newest; at most <see cref="ListLength"/>.</summary>
    public Task<AdministrationResult<IReadOnlyList<UndeliveredMail>>> ShowAsync(AdministratorSession session, CancellationToken cancellationToken) =>
        access.RunAsync(
            session,
            AdministrationRight.Platform,
            (operators, cancellation) => ListAsync(operators.Database, cancellation),
            cancellationToken);

    /// <summary>Has every mail that was given up tried once more.</summary>
    public Task<AdministrationResult<IReadOnlyList<UndeliveredMail>>> RetryAsync(AdministratorSession session, CancellationToken cancellationToken) =>
        access.RunAsync(
            session,
            AdministrationRight.Platform,
            async (operators, cancellation) =>
            {
                var now = time.GetUtcNow();
                await operators.Database.OutboxMails.IgnoreQueryFilters()
                    .Where(mail => mail.SentAt == null && mail.ParkedAt != null)
                    .ExecuteUpdateAsync(
                        update => update.SetProperty(mail => mail.ParkedAt, (DateTimeOffset?)null).SetProperty(mail => mail.NextAttemptAt, now),
                        cancellation);
                operators.Record(SecurityEventKind.MailsRetried);
                await operators.Database.SaveChangesAsync(cancellation);
                return await ListAsync(operators.Database, cancellation);
            },
            cancellationToken);

    private static async Task<IReadOnlyList<UndeliveredMail>> ListAsync(PortalDbContext database, CancellationToken cancellationToken) =>
        await database.OutboxMails.IgnoreQueryFilters().AsNoTracking()
            .Where(mail => mail.SentAt == null && mail.Attempts > 0)
            .OrderByDescending(mail => mail.ParkedAt != null).ThenByDescending(mail => mail.CreatedAt)
            .Take(ListLength)
            .Join(
                database.Tenants,
                mail => mail.TenantId,
                tenant => tenant.Id,
                (mail, tenant) => new UndeliveredMail(
                    mail.Id, tenant.DisplayName, mail.Recipient, mail.Subject, mail.CreatedAt, mail.Attempts, mail.ParkedAt != null, mail.LastError))
            .ToListAsync(cancellationToken);
}

/// <summary>A mail that no server has taken yet.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Tenant">What people call the tenant.</param>
/// <param name="Recipient">Who should get it.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="CreatedAt">When it was written, UTC.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="IsParked">Whether it was given up.</param>
/// <param name="LastError">What the server, or the network, said last.</param>
public sealed record UndeliveredMail(
    Guid Id, string Tenant, string Recipient, string Subject, DateTimeOffset CreatedAt, int Attempts, bool IsParked, string? LastError);
