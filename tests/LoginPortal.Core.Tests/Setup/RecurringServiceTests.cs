using System.Threading.Channels;
using LoginPortal.Core.Setup;
using LoginPortal.Testing;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoginPortal.Core.Tests.Setup;

public sealed class RecurringServiceTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private readonly TestClock _clock = new();
    private readonly Counter _service;

    public RecurringServiceTests() => _service = new Counter(_clock);

    [Fact]
    public async Task Turn_MoreWaits_IsFollowedByAnotherAtOnce()
    {
        _service.WaitingTurns = 3;
        await _service.StartAsync(TestContext.Current.CancellationToken);

        await WaitForATurnAsync();
        for (var turn = 0; turn < 3; turn++)
        {
            await _service.Turns.ReadAsync(TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromSeconds(30));
        }

        await _service.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Turn_ThatFailed_IsFollowedByTheNextInItsTime()
    {
        _service.Fails = true;
        await _service.StartAsync(TestContext.Current.CancellationToken);

        await WaitForATurnAsync();
        await WaitForATurnAsync();
        await _service.StopAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose() => _service.Dispose();

    /// <summary>Lets time pass until the service, which starts in its own time, has had a turn.</summary>
    private async Task WaitForATurnAsync()
    {
        while (!_service.Turns.TryRead(out _))
        {
            TestContext.Current.CancellationToken.ThrowIfCancellationRequested();
            _clock.Advance(Interval);
            await Task.Yield();
        }
    }

    private sealed class Counter(TimeProvider time) : RecurringService(Interval, time, NullLogger.Instance)
    {
        private readonly Channel<bool> _turns = Channel.CreateUnbounded<bool>();

        public ChannelReader<bool> Turns => _turns.Reader;

        public int WaitingTurns { get; set; }

        public bool Fails { get; set; }

        protected override Task<bool> TakeTurnAsync(CancellationToken cancellationToken)
        {
            _turns.Writer.TryWrite(true);
            return Fails ? throw new InvalidOperationException("It does not work.") : Task.FromResult(WaitingTurns-- > 0);
        }
    }
}
