using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Tests.SecondFactors;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace LoginPortal.Core.Tests.Mail;

/// <summary>A node that is asked to end while it sends a mail.</summary>
public sealed class OutboxStopTests() : SecondFactorTestBase(DatabaseProvider.Sqlite)
{
    private readonly SlowSender _sender = new();

    [Fact]
    public async Task Stop_WhileTheServerTakesAMail_IsFinishedAndTakesNoOther()
    {
        var (turn, stop) = await SendingAsync();

        await stop.CancelAsync();
        _sender.Answer.SetResult();
        await turn;

        Assert.Equal(1, _sender.Tries);
        Assert.Equal(1, await ReadAsync(database => database.OutboxMails.CountAsync(mail => mail.SentAt != null)));
    }

    [Fact]
    public async Task Stop_WhileTheServerDoesNotAnswer_GivesTheMailBackAtOnce()
    {
        var (turn, stop) = await SendingAsync();

        await stop.CancelAsync();
        Clock.Advance(TimeSpan.FromSeconds(11));
        await turn;

        var now = Clock.GetUtcNow();
        Assert.Equal(2, await ReadAsync(database => database.OutboxMails.CountAsync(mail => mail.SentAt == null && mail.NextAttemptAt <= now && mail.Attempts == 0)));
    }

    private async Task<(Task Turn, CancellationTokenSource Stop)> SendingAsync()
    {
        await GivenAsync();
        await using (var scope = Host.OpenTenant(Tenant))
        {
            for (var index = 0; index < 2; index++)
            {
                await scope.Services.GetRequiredService<Outbox>()
                    .AddAsync(scope.Database, Tenant, User, new MailDraft("AuthenticatorAdded"), CancellationToken.None);
            }

            await scope.Database.SaveChangesAsync();
        }

        var stop = new CancellationTokenSource();
        var node = AddHost(builder => builder.Services.Replace(ServiceDescriptor.Singleton<IMailSender>(_sender))).Services.GetRequiredService<OutboxSender>();
        var turn = node.RunOnceAsync(stop.Token);
        await _sender.Started.Task;
        return (turn, stop);
    }

    private sealed class SlowSender : IMailSender
    {
        public bool IsConfigured => true;

        public int Tries { get; private set; }

        public TaskCompletionSource Started { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task SendAsync(OutboxMail mail, MailContent content, CancellationToken cancellationToken)
        {
            Tries++;
            Started.TrySetResult();
            return Answer.Task.WaitAsync(cancellationToken);
        }
    }
}
