using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Recovery;

/// <summary>
/// Proving that an address is one's own, by a link that was mailed to it. Confirming works in a scope of its own, because a circuit lives
/// longer than a database context may.
/// </summary>
public sealed class AddressVerification(IServiceScopeFactory scopes, Outbox outbox, SecurityEventWriter events, TimeProvider time)
{
    /// <summary>How long a link works.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(24);

    /// <summary>How long to wait before asking for another.</summary>
    public static readonly TimeSpan ResendDelay = TimeSpan.FromSeconds(30);

    private const string Purpose = OneTimeLinkPurpose.AddressVerification;

    /// <summary>Mails a new link in place of the one before, in the caller's transaction. The caller saves.</summary>
    /// <param name="database">The caller's context.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="user">Whose address it is about.</param>
    /// <param name="language">The language of the page, as a culture name.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="mail">The name of the mail. Default the one for somebody who signs in.</param>
    /// <returns>
    /// <see langword="null"/> if it is on its way; else why it is not: the last was sent a moment ago, or five were within an hour.
    /// </returns>
    public async Task<RejectionCode?> SendAsync(
        PortalDbContext database, TenantProfile tenant, PortalUser user, string? language, CancellationToken cancellationToken, string mail = "VerifyAddress")
    {
        ArgumentNullException.ThrowIfNull(database);
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(user);
        var now = time.GetUtcNow();
        if (await SentAtAsync(database, user.Id, cancellationToken) is { } last && last > now - ResendDelay)
        {
            return RejectionCode.MailTooSoon;
        }

        if (!await MailAllowances.TryTakeAsync(database, tenant.Id, Purpose, user.Email!, now, cancellationToken))
        {
            return RejectionCode.TooManyMails;
        }

        var token = await AccountLinks.ReplaceAsync(database, tenant.Id, user.Id, Purpose, now, LinkLifetime, cancellationToken);
        var draft = new MailDraft(mail)
        {
            Link = $"verify-address?token={token}",
            Language = language,
            Values = [(int)LinkLifetime.TotalHours],
        };
        await outbox.AddAsync(database, tenant, user, draft, cancellationToken);
        return null;
    }

    /// <summary>When the link that still works was mailed, UTC; <see langword="null"/> if there is none.</summary>
    public static Task<DateTimeOffset?> SentAtAsync(PortalDbContext database, Guid userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.OneTimeLinks
            .Where(link => link.Purpose == Purpose && link.SubjectId == userId)
            .Select(link => (DateTimeOffset?)link.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>The address that a link confirms; looking consumes nothing.</summary>
    /// <returns><see langword="null"/> if it is unknown, spent, replaced or too old.</returns>
    public async Task<string?> FindAddressAsync(Guid tenantId, string? token, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await FindUserAsync(scope, tenantId, token, Purpose, cancellationToken))?.Email;
    }

    /// <summary>Spends the link and notes that the address is the person's own, both or neither.</summary>
    /// <returns><see langword="false"/> if the link no longer works.</returns>
    public async Task<bool> ConfirmAsync(Guid tenantId, string? token, RequestFacts facts, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await FindUserAsync(scope, tenantId, token, Purpose, cancellationToken) is not { } user)
        {
            return false;
        }

        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (!await AccountLinks.SpendAsync(database, token, Purpose, time.GetUtcNow(), cancellationToken))
        {
            return false;
        }

        var userId = user.Id;
        await database.Users.Where(u => u.Id == userId).ExecuteUpdateAsync(u => u.SetProperty(x => x.EmailConfirmed, true), cancellationToken);
        database.OneTimeLinks.Add(new OneTimeLink
        {
            TokenHash = Secret.Hash(token!),
            TenantId = tenantId,
            Purpose = OneTimeLinkPurpose.AddressVerified,
            SubjectId = userId,
            CreatedAt = time.GetUtcNow(),
            ExpiresAt = time.GetUtcNow() + LinkLifetime,
        });
        events.Record(
            database, tenantId, SecurityEventKind.AddressVerified, SecurityEventOutcome.Success, facts, subjectId: userId, actorId: userId);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    /// <summary>Whether this very link has confirmed an address a while ago, so that following it again can say so.</summary>
    public async Task<bool> WasConfirmedByAsync(Guid tenantId, string? token, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await FindUserAsync(scope, tenantId, token, OneTimeLinkPurpose.AddressVerified, cancellationToken) is { EmailConfirmed: true };
    }

    private async Task<PortalUser?> FindUserAsync(
        AsyncServiceScope scope, Guid tenantId, string? token, string purpose, CancellationToken cancellationToken)
    {
        var services = scope.ServiceProvider;
        if (await scope.EnterTenantAsync(tenantId, cancellationToken) is not { } tenant)
        {
            return null;
        }

        var database = services.GetRequiredService<PortalDbContext>();
        return await AccountLinks.FindSubjectAsync(database, token, purpose, time.GetUtcNow(), cancellationToken) is { } userId
            ? await database.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == userId, cancellationToken)
            : null;
    }
}
