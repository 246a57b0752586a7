using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.Administration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Mail;

public sealed class MailQueueSqliteTests() : MailQueueTests(DatabaseProvider.Sqlite);

public sealed class MailQueuePostgreSqlTests() : MailQueueTests(DatabaseProvider.PostgreSql);

public abstract class MailQueueTests(DatabaseProvider provider) : AdministrationTestBase(provider)
{
    private MailQueue Queue => Host.Services.GetRequiredService<MailQueue>();

    [Fact]
    public async Task Show_ToAnOperator_ListsWhatWasTriedInVainAndWhatWasGivenUpFirst()
    {
        await GivenAsync(PortalRole.PlatformOperator, TenantSlug.Platform);
        await AddAsync("fresh@acme.example", attempts: 0, isParked: false);
        await AddAsync("parked@acme.example", attempts: 9, isParked: true);
        await AddAsync("tried@acme.example", attempts: 2, isParked: false);

        var mails = AnswerOf(await Queue.ShowAsync(await AsAdministratorAsync(), CancellationToken.None));

        Assert.Equal([("parked@acme.example", true), ("tried@acme.example", false)], mails.Select(mail => (mail.Recipient, mail.IsParked)));
        Assert.Equal("Tenant platform", mails[0].Tenant);
    }

    [Fact]
    public async Task Retry_ByAnOperator_HasParkedMailsTriedAgain()
    {
        await GivenAsync(PortalRole.PlatformOperator, TenantSlug.Platform);
        await AddAsync("parked@acme.example", attempts: 9, isParked: true);

        AnswerOf(await Queue.RetryAsync(await AsAdministratorAsync(), CancellationToken.None));

        Assert.Equal(1, await ReadAsync(database => database.OutboxMails.CountAsync(mail => mail.ParkedAt == null && mail.NextAttemptAt == Clock.GetUtcNow())));
    }

    [Fact]
    public async Task Retry_ByAnAdministratorOfATenant_IsRefused()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        await AddAsync("parked@acme.example", attempts: 9, isParked: true);
        var session = await AsAdministratorAsync();

        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Queue.ShowAsync(session, CancellationToken.None)));
        Assert.Equal(AdministrationRefusal.NotAllowed, RefusalOf(await Queue.RetryAsync(session, CancellationToken.None)));
        Assert.Equal(1, await ReadAsync(database => database.OutboxMails.CountAsync(mail => mail.ParkedAt != null)));
    }

    private async Task AddAsync(string recipient, int attempts, bool isParked)
    {
        await using var scope = Host.OpenTenant(Tenant);
        var now = Clock.GetUtcNow();
        scope.Database.OutboxMails.Add(new OutboxMail
        {
            Id = Guid.CreateVersion7(now), TenantId = Tenant.Id, Recipient = recipient, SenderName = "", Subject = "", ProtectedContent = [1],
            CreatedAt = now, NextAttemptAt = now.AddDays(1), Attempts = attempts, ParkedAt = isParked ? now : null,
        });
        await scope.Database.SaveChangesAsync();
    }
}
