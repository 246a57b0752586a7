using Bunit;
using LoginPortal.Components.Shared;

namespace LoginPortal.Tests.Components;

public sealed class RetryCountdownTests : ComponentTests
{
    private TimerCount? _timers;

    protected override TimeProvider Time => _timers ??= new TimerCount(Clock);

    [Theory]
    [InlineData("en", 1, "You can try again in 1 second.")]
    [InlineData("en", 2, "You can try again in 2 seconds.")]
    [InlineData("en", 59, "You can try again in 59 seconds.")]
    [InlineData("en", 60, "You can try again in 1 minute.")]
    [InlineData("en", 61, "You can try again in 2 minutes.")]
    [InlineData("en", 1800, "You can try again in 30 minutes.")]
    [InlineData("de", 1, "In 1 Sekunde können Sie es wieder versuchen.")]
    [InlineData("de", 15, "In 15 Sekunden können Sie es wieder versuchen.")]
    [InlineData("de", 60, "In 1 Minute können Sie es wieder versuchen.")]
    public void Wait_OfEachLength_IsSaidInOneOrMany(string language, int seconds, string expected)
    {
        Visit.Page = Visit.Page with { CultureName = language };

        Assert.Equal(expected, Start(seconds).Find("p").TextContent);
    }

    [Fact]
    public void Countdown_AsTimePasses_CountsToNothing()
    {
        var countdown = Start(3);
        foreach (var expected in (string[])["2 seconds.", "1 second."])
        {
            Clock.Advance(TimeSpan.FromSeconds(1));
            countdown.WaitForAssertion(() => Assert.EndsWith(expected, countdown.Find("p").TextContent, StringComparison.Ordinal));
        }

        Clock.Advance(TimeSpan.FromSeconds(1));

        countdown.WaitForAssertion(() => Assert.Empty(countdown.FindAll("p")));
    }

    [Fact]
    public void Countdown_ThatIsOver_StopsItsTimer()
    {
        var countdown = Start(1);
        Clock.Advance(TimeSpan.FromSeconds(1));
        countdown.WaitForAssertion(() => Assert.Empty(countdown.FindAll("p")));

        Assert.True(SpinWait.SpinUntil(() => _timers!.Running == 0, TimeSpan.FromSeconds(30)));
    }

    [Fact]
    public void Countdown_StartedAnew_CountsAgain()
    {
        var countdown = Start(1);
        Clock.Advance(TimeSpan.FromSeconds(1));
        countdown.WaitForAssertion(() => Assert.Empty(countdown.FindAll("p")));

        countdown.Render(parameters => parameters.Add(c => c.Until, Clock.GetUtcNow().AddSeconds(2)));
        Assert.EndsWith("2 seconds.", countdown.Find("p").TextContent, StringComparison.Ordinal);
        Clock.Advance(TimeSpan.FromSeconds(1));

        countdown.WaitForAssertion(() => Assert.EndsWith("1 second.", countdown.Find("p").TextContent, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0)]
    [InlineData(-5)]
    public void Countdown_WithNothingToWaitFor_IsNotThere(int? seconds) => Assert.Equal("", Start(seconds).Markup.Trim());

    [Fact]
    public async Task Countdown_WhosePageIsGone_StopsItsTimer()
    {
        Start(30);
        Assert.Equal(1, _timers!.Running);

        await DisposeComponentsAsync();

        Assert.True(SpinWait.SpinUntil(() => _timers.Running == 0, TimeSpan.FromSeconds(30)));
        Assert.False(Renderer.UnhandledException.IsCompleted);
    }

    [Fact]
    public void Countdown_ForAScreenReader_IsNoLiveRegion() => Assert.Equal("off", Start(30).Find("p").GetAttribute("aria-live"));

    private IRenderedComponent<RetryCountdown> Start(int? seconds) =>
        Render<RetryCountdown>(parameters => parameters.Add(c => c.Until, seconds is { } s ? Clock.GetUtcNow().AddSeconds(s) : null));

    /// <summary>The test's clock, counting the timers that nobody has disposed of.</summary>
    private sealed class TimerCount(TimeProvider clock) : TimeProvider
    {
        private int _running;

        public int Running => Volatile.Read(ref _running);

        public override DateTimeOffset GetUtcNow() => clock.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Interlocked.Increment(ref _running);
            return new Timer(this, clock.CreateTimer(callback, state, dueTime, period));
        }

        private sealed class Timer(TimerCount count, ITimer timer) : ITimer
        {
            private int _disposed;

            public bool Change(TimeSpan dueTime, TimeSpan period) => timer.Change(dueTime, period);

            public void Dispose()
            {
                timer.Dispose();
                if (Interlocked.Exchange(ref _disposed, 1) == 0)
                {
                    Interlocked.Decrement(ref count._running);
                }
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
