using System.Collections.Concurrent;
using System.Net.Mail;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LoginPortal.Core.Tests.Mail;

public sealed class OutboxSenderSqliteTests() : OutboxSenderTests(DatabaseProvider.Sqlite);

public sealed class OutboxSenderPostgreSqlTests() : OutboxSenderTests(DatabaseProvider.PostgreSql);

public abstract class OutboxSenderTests(DatabaseProvider provider) : SecondFactorTestBase(provider)
{
    private readonly RecordingSender _sender = new();

    [Fact]
    public async Task RunOnce_OnTwoNodesAtOnce_SendsEachMailOnce()
    {
        await GivenAsync();
        await EnqueueAsync(12);
        var nodes = Enumerable.Range(0, 2).Select(_ => Node()).ToList();

        await Task.WhenAll(nodes.SelectMany(node => new[] { node, node }).Select(node => Task.Run(() => node.RunOnceAsync(CancellationToken.None))));

        Assert.Equal(12, _sender.Sent.Count);
        Assert.Equal(12, _sender.Sent.Distinct().Count());
        Assert.Equal(12, await ReadAsync(database => database.OutboxMails.CountAsync(m => m.SentAt != null)));
    }

    [Fact]
    public async Task RunOnce_ServerRefuses_TriesAgainLaterAndGivesUpAfterADay()
    {
        await GivenAsync();
        await EnqueueAsync(1);
        var node = Node();
        _sender.Fails = true;

        await node.RunOnceAsync(CancellationToken.None);
        await node.RunOnceAsync(CancellationToken.None);
        Assert.Equal(1, _sender.Tries);
        Clock.Advance(TimeSpan.FromSeconds(15));
        await node.RunOnceAsync(CancellationToken.None);
        Assert.Equal(2, _sender.Tries);
        for (var hour = 0; hour < 26; hour++)
        {
            Clock.Advance(TimeSpan.FromHours(1));
            await node.RunOnceAsync(CancellationToken.None);
        }

        var mail = await ReadAsync(database => database.OutboxMails.SingleAsync());
        Assert.NotNull(mail.ParkedAt);
        Assert.Null(mail.SentAt);
        Assert.Equal("No room.", mail.LastError);
    }

    [Fact]
    public async Task RunOnce_MailThatFailsInAnUnforeseenWay_KeepsNobodyWaiting()
    {
        await GivenAsync();
        await EnqueueAsync(3);
        _sender.Fails = true;
        _sender.Failure = new FormatException("Not even an address.");

        await Node().RunOnceAsync(CancellationToken.None);

        Assert.Equal(3, _sender.Tries);
        Assert.All(await ReadAsync(database => database.OutboxMails.ToListAsync()), mail => Assert.Equal("Not even an address.", mail.LastError));
    }

    [Fact]
    public async Task RunOnce_ServerIsBack_SendsWhatWaited()
    {
        await GivenAsync();
        await EnqueueAsync(1);
        var node = Node();
        _sender.Fails = true;
        await node.RunOnceAsync(CancellationToken.None);
        _sender.Fails = false;
        Clock.Advance(TimeSpan.FromMinutes(1));

        await node.RunOnceAsync(CancellationToken.None);

        Assert.Single(_sender.Sent);
    }

    [Fact]
    public async Task RunOnce_NothingConfigured_LetsMailsWait()
    {
        await GivenAsync();
        await EnqueueAsync(1);
        _sender.IsConfigured = false;

        Assert.Equal(0, await Node().RunOnceAsync(CancellationToken.None));
        Assert.Equal(0, await ReadAsync(database => database.OutboxMails.CountAsync(m => m.SentAt != null)));
    }

    [Fact]
    public async Task RunOnce_PickupFolder_WritesAMailWithBothBodies()
    {
        await GivenAsync();
        await EnqueueAsync(1);
        var folder = Directory.CreateTempSubdirectory("loginportal-mail-");
        try
        {
            var node = AddHost(builder => builder.Services.PostConfigure<MailOptions>(options => options.PickupFolder = folder.FullName))
                .Services.GetRequiredService<OutboxSender>();

            await node.RunOnceAsync(CancellationToken.None);

            var text = await File.ReadAllTextAsync(Assert.Single(folder.GetFiles("*.eml")).FullName);
            Assert.Contains($"To: {Address}", text, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("text/plain", text, StringComparison.Ordinal);
            Assert.Contains("text/html", text, StringComparison.Ordinal);
            Assert.Contains("Auto-Submitted: auto-generated", text, StringComparison.Ordinal);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Add_NameWithMarkup_IsTextInTheHtml()
    {
        Assert.Null(Tenant);
        await GivenAsync();
        var tenant = Tenant! with { DisplayName = "<img src=x>" };
        await using var scope = Host.OpenTenant(Tenant);

        await scope.Services.GetRequiredService<Outbox>()
            .AddAsync(scope.Database, tenant, User, new MailDraft("AuthenticatorAdded"), CancellationToken.None);
        await scope.Database.SaveChangesAsync();

        var mail = Assert.Single(await Host.Services.ReadMailsAsync(Address));
        Assert.DoesNotContain("<img", mail.Html, StringComparison.Ordinal);
        Assert.Contains("&lt;img src=x&gt;", mail.Html, StringComparison.Ordinal);
    }

    private OutboxSender Node() => AddHost(builder => builder.Services.Replace(ServiceDescriptor.Singleton<IMailSender>(_sender)))
        .Services.GetRequiredService<OutboxSender>();

    private async Task EnqueueAsync(int count)
    {
        await using var scope = Host.OpenTenant(Tenant);
        for (var index = 0; index < count; index++)
        {
            await scope.Services.GetRequiredService<Outbox>()
                .AddAsync(scope.Database, Tenant, User, new MailDraft("AuthenticatorAdded"), CancellationToken.None);
        }

        await scope.Database.SaveChangesAsync();
    }

    private sealed class RecordingSender : IMailSender
    {
        private int _tries;

        public bool Fails { get; set; }

        public Exception Failure { get; set; } = new SmtpException("No room.");

        public int Tries => _tries;

        public ConcurrentBag<Guid> Sent { get; } = [];

        public bool IsConfigured { get; set; } = true;

        public Task SendAsync(OutboxMail mail, MailContent content, CancellationToken cancellationToken)
        {
            Interlocked.Increment(ref _tries);
            if (Fails)
            {
                throw Failure;
            }

            Sent.Add(mail.Id);
            return Task.CompletedTask;
        }
    }
}
