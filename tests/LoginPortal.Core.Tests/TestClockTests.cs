using LoginPortal.Testing;

namespace LoginPortal.Core.Tests;

public sealed class TestClockTests
{
    private readonly TestClock _clock = new();
    private readonly List<string> _fired = [];

    [Fact]
    public void Advance_TimersThatAreDue_FireInTheirOrderAtTheirTime()
    {
        var start = _clock.GetUtcNow();
        using var late = Timer("late", TimeSpan.FromSeconds(3), Timeout.InfiniteTimeSpan);
        using var early = Timer("early", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));

        _clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(["early 1", "early 2"], _fired);
        _clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(["early 1", "early 2", "early 3", "late 3"], _fired.Order());
        Assert.Equal(start.AddSeconds(3), _clock.GetUtcNow());
        Assert.Equal(TimeSpan.FromSeconds(3), _clock.GetElapsedTime(start.UtcTicks));
        ITimer Timer(string name, TimeSpan due, TimeSpan period) => _clock.CreateTimer(
            _ => _fired.Add($"{name} {(_clock.GetUtcNow() - start).TotalSeconds}"), null, due, period);
    }

    [Fact]
    public void Advance_DisposedTimer_DoesNotFire()
    {
        var timer = _clock.CreateTimer(_ => _fired.Add("fired"), null, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        timer.Dispose();

        _clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Empty(_fired);
    }

    [Fact]
    public async Task Advance_Delay_Ends()
    {
        var delay = Task.Delay(TimeSpan.FromMinutes(1), _clock);
        _clock.Advance(TimeSpan.FromSeconds(59));
        Assert.False(delay.IsCompleted);

        _clock.Advance(TimeSpan.FromSeconds(1));

        await delay;
    }
}
