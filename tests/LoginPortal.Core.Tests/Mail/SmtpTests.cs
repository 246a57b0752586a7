using System.Net;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Tests.SecondFactors;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Core.Tests.Mail;

/// <summary>The outbox against a server that is there, and against servers that are not what they should be.</summary>
public sealed class SmtpTests() : SecondFactorTestBase(DatabaseProvider.Sqlite)
{
    [Fact]
    public async Task RunOnce_ServerWithTls_HandsTheMailOverEncrypted()
    {
        await using var server = new SmtpServerDouble();
        await GivenMailAsync();
        await WithTrustAsync(server, () => RunAsync(server.Port));

        var (data, encrypted) = Assert.Single(server.Mails);
        Assert.True(encrypted);
        Assert.Contains("To: ada@acme.example", data, StringComparison.Ordinal);
        Assert.Contains("multipart/alternative", data, StringComparison.Ordinal);
        Assert.DoesNotContain(server.ClearLines, line => line.Contains("MAIL", StringComparison.Ordinal));
        Assert.NotNull((await MailAsync()).SentAt);
    }

    [Fact]
    public async Task RunOnce_ServerWithoutTls_IsGivenNothing()
    {
        await using var server = new SmtpServerDouble { OffersTls = false };
        await GivenMailAsync();

        await RunAsync(server.Port, options => (options.UserName, options.Password) = ("portal", "hunter2"));

        Assert.Empty(server.Mails);
        Assert.All(server.ClearLines, line => Assert.StartsWith("EHLO", line, StringComparison.Ordinal));
        await AssertWaitsAsync();
    }

    [Fact]
    public async Task RunOnce_ServerWithACertificateOfNobody_IsGivenNothing()
    {
        await using var server = new SmtpServerDouble();
        await GivenMailAsync();

        await RunAsync(server.Port);

        Assert.Empty(server.Mails);
        await AssertWaitsAsync();
    }

    [Fact]
    public async Task RunOnce_TlsNotRequired_HandsTheMailOver()
    {
        await using var server = new SmtpServerDouble { OffersTls = false };
        await GivenMailAsync();

        await RunAsync(server.Port, options => options.RequireTls = false);

        Assert.False(Assert.Single(server.Mails).Encrypted);
    }

    [Theory]
    [InlineData("")]
    [InlineData("EHLO")]
    [InlineData("MAIL")]
    [InlineData("DATA")]
    [InlineData(".")]
    public async Task RunOnce_ServerStalls_GivesUpAndTriesAgainLater(string command)
    {
        await using var server = new SmtpServerDouble { OffersTls = false, StallsAt = command };
        await GivenMailAsync();

        await RunAsync(server.Port, options => (options.RequireTls, options.Timeout) = (false, TimeSpan.FromMilliseconds(300)));

        await AssertWaitsAsync();
    }

    [Fact]
    public async Task RunOnce_ServerRefusesTheRecipient_TriesAgainLater()
    {
        await using var server = new SmtpServerDouble { OffersTls = false, RecipientAnswer = "450 Not now" };
        await GivenMailAsync();

        await RunAsync(server.Port, options => options.RequireTls = false);

        await AssertWaitsAsync();
    }

    [Fact]
    public async Task RunOnce_ServerIsDownForADay_ParksTheMailAndSaysSo()
    {
        int port;
        await using (var gone = new SmtpServerDouble())
        {
            port = gone.Port;
        }

        await GivenMailAsync();
        var log = new ErrorLog();
        var sender = SenderOf(port, configure: null, log);
        await sender.RunOnceAsync(CancellationToken.None);
        await AssertWaitsAsync();
        Assert.Empty(log.Errors);

        Clock.Advance(TimeSpan.FromDays(1));
        await sender.RunOnceAsync(CancellationToken.None);

        Assert.NotNull((await MailAsync()).ParkedAt);
        Assert.Contains("given up after a day and 2 tries", Assert.Single(log.Errors), StringComparison.Ordinal);
        Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(0, await sender.RunOnceAsync(CancellationToken.None));
    }

    private OutboxSender SenderOf(int port, Action<MailOptions>? configure, ErrorLog? log = null) => AddHost(builder =>
    {
        builder.Services.PostConfigure<MailOptions>(options =>
        {
            (options.PickupFolder, options.Host, options.Port) = (null, "localhost", port);
            configure?.Invoke(options);
        });
        if (log is not null)
        {
            builder.Logging.SetMinimumLevel(LogLevel.Error).AddProvider(log);
        }
    }).Services.GetRequiredService<OutboxSender>();

    private Task<int> RunAsync(int port, Action<MailOptions>? configure = null) => SenderOf(port, configure).RunOnceAsync(CancellationToken.None);

    /// <summary>Makes the server's certificate one of somebody for a while. Only this certificate, so that no other test is fooled.</summary>
    private static async Task WithTrustAsync(SmtpServerDouble server, Func<Task> work)
    {
        // There is no other place to tell the framework's SMTP client whom to trust.
#pragma warning disable SYSLIB0014, MA0039
        ServicePointManager.ServerCertificateValidationCallback = (_, certificate, _, errors) =>
            errors == System.Net.Security.SslPolicyErrors.None || certificate?.GetCertHashString() == server.Thumbprint;
        try
        {
            await work();
        }
        finally
        {
            ServicePointManager.ServerCertificateValidationCallback = null;
        }
#pragma warning restore SYSLIB0014, MA0039
    }

    private async Task GivenMailAsync()
    {
        await GivenAsync();
        await using var scope = Host.OpenTenant(Tenant);
        await scope.Services.GetRequiredService<Outbox>()
            .AddAsync(scope.Database, Tenant, User, new MailDraft("AuthenticatorAdded"), CancellationToken.None);
        await scope.Database.SaveChangesAsync();
    }

    private Task<OutboxMail> MailAsync() => ReadAsync(database => database.OutboxMails.AsNoTracking().SingleAsync());

    private async Task AssertWaitsAsync()
    {
        var mail = await MailAsync();
        Assert.Null(mail.SentAt);
        Assert.Null(mail.ParkedAt);
        Assert.NotNull(mail.LastError);
        Assert.Equal(Clock.GetUtcNow() + TimeSpan.FromSeconds(15), mail.NextAttemptAt);
    }

    private sealed class ErrorLog : ILoggerProvider, ILogger
    {
        public List<string> Errors { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                Errors.Add(formatter(state, exception));
            }
        }

        public void Dispose()
        {
        }
    }
}
