using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Core.Tests.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Mail;

public sealed class MailQueueSqliteTests() : MailQueueTests(DatabaseProvider.Sqlite);

public sealed class MailQueuePostgreSqlTests() : MailQueueTests(DatabaseProvider.PostgreSql);

public abstract class MailQueueTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    private MailQueue Queue => Host.Services.GetRequiredService<MailQueue>();

    [Fact]
    public async Task Show_ToAnOperator_ListsWhatWasTriedInVainAndWhatWasGivenUpFirst()
    {
        await GivenAsync(configure: user => user.Role = PortalRole.PlatformOperator);
        await AddAsync("fresh@acme.example", attempts: 0, isParked: false);
        await AddAsync("parked@acme.example", attempts: 9, isParked: true);
        await AddAsync("tried@acme.example", attempts: 2, isParked: false);

        var listed = Assert.IsType<MailQueueResult.Listed>(await Queue.ShowAsync(Tenant.Id, await SignedInAsync(), CancellationToken.None));

        Assert.Equal([("parked@acme.example", true), ("tried@acme.example", false)], listed.Mails.Select(mail => (mail.Recipient, mail.IsParked)));
        Assert.Equal("Tenant acme", listed.Mails[0].Tenant);
    }

    [Fact]
    public async Task Retry_ByAnOperator_HasParkedMailsTriedAgain()
    {
        await GivenAsync(configure: user => user.Role = PortalRole.PlatformOperator);
        await AddAsync("parked@acme.example", attempts: 9, isParked: true);

        await Queue.RetryAsync(Tenant.Id, await SignedInAsync(), Browser.Facts, CancellationToken.None);

        Assert.Equal(1, await ReadAsync(database => database.OutboxMails.CountAsync(mail => mail.ParkedAt == null && mail.NextAttemptAt == Clock.GetUtcNow())));
    }

    [Theory]
    [InlineData(PortalRole.Member)]
    [InlineData(PortalRole.TenantAdministrator)]
    public async Task Show_ToAnybodyElse_IsRefused(PortalRole role)
    {
        await GivenAsync(configure: user => user.Role = role);
        await AddAsync("parked@acme.example", attempts: 9, isParked: true);
        var session = await SignedInAsync();

        Assert.IsType<MailQueueResult.NotAllowed>(await Queue.ShowAsync(Tenant.Id, session, CancellationToken.None));
        Assert.IsType<MailQueueResult.NotAllowed>(await Queue.RetryAsync(Tenant.Id, session, Browser.Facts, CancellationToken.None));
        Assert.IsType<MailQueueResult.SignedOut>(await Queue.ShowAsync(Tenant.Id, Guid.NewGuid(), CancellationToken.None));
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
