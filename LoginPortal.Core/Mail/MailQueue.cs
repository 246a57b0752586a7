using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Mail;

/// <summary>What an operator of the platform sees of mails that no server took, of every tenant. What they say is not shown: it is not theirs to read.</summary>
public sealed class MailQueue(OwnAccounts accounts, TimeProvider time)
{
    /// <summary>How many are listed; there are more only where nothing is delivered at all.</summary>
    public const int ListLength = 100;

    /// <summary>The mails that were tried in vain, those that were given up first, then the newest.</summary>
    public Task<MailQueueResult> ShowAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken) =>
        RunAsync(tenantId, sessionId, (_, _) => Task.CompletedTask, cancellationToken);

    /// <summary>Has every mail that was given up tried once more.</summary>
    public Task<MailQueueResult> RetryAsync(Guid tenantId, Guid sessionId, RequestFacts facts, CancellationToken cancellationToken) => RunAsync(
        tenantId,
        sessionId,
        async (account, cancellation) =>
        {
            var now = time.GetUtcNow();
            await account.Database.OutboxMails.IgnoreQueryFilters()
                .Where(mail => mail.SentAt == null && mail.ParkedAt != null)
                .ExecuteUpdateAsync(
                    update => update.SetProperty(mail => mail.ParkedAt, (DateTimeOffset?)null).SetProperty(mail => mail.NextAttemptAt, now),
                    cancellation);
            account.Record(SecurityEventKind.MailsRetried, facts);
            await account.Database.SaveChangesAsync(cancellation);
        },
        cancellationToken);

    private Task<MailQueueResult> RunAsync(
        Guid tenantId, Guid sessionId, Func<OwnAccount, CancellationToken, Task> work, CancellationToken cancellationToken) => accounts.RunAsync(
            tenantId,
            sessionId,
            needsFresh: false,
            async (account, cancellation) =>
            {
                if (account.User.Role != PortalRole.PlatformOperator)
                {
                    return new MailQueueResult.NotAllowed();
                }

                await work(account, cancellation);
                return await ListAsync(account, cancellation);
            },
            new MailQueueResult.SignedOut(),
            new MailQueueResult.SignedOut(),
            cancellationToken);

    private static async Task<MailQueueResult> ListAsync(OwnAccount account, CancellationToken cancellationToken) => new MailQueueResult.Listed(
        await account.Database.OutboxMails.IgnoreQueryFilters().AsNoTracking()
            .Where(mail => mail.SentAt == null && mail.Attempts > 0)
            .OrderByDescending(mail => mail.ParkedAt != null).ThenByDescending(mail => mail.CreatedAt)
            .Take(ListLength)
            .Join(
                account.Database.Tenants,
                mail => mail.TenantId,
                tenant => tenant.Id,
                (mail, tenant) => new UndeliveredMail(
                    mail.Id, tenant.DisplayName, mail.Recipient, mail.Subject, mail.CreatedAt, mail.Attempts, mail.ParkedAt != null, mail.LastError))
            .ToListAsync(cancellationToken));
}

/// <summary>What an operator gets to see. A closed family.</summary>
public abstract record MailQueueResult
{
    private MailQueueResult()
    {
    }

    /// <summary>The mails.</summary>
    /// <param name="Mails">At most <see cref="MailQueue.ListLength"/>.</param>
    public sealed record Listed(IReadOnlyList<UndeliveredMail> Mails) : MailQueueResult;

    /// <summary>The person does not operate the platform.</summary>
    public sealed record NotAllowed : MailQueueResult;

    /// <summary>The session is no longer live.</summary>
    public sealed record SignedOut : MailQueueResult;
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
