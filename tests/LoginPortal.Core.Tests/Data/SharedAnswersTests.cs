using System.Collections.Concurrent;
using LoginPortal.Core.Data;
using LoginPortal.Testing;

namespace LoginPortal.Core.Tests.Data;

/// <summary>Who asks the same at the same time shares an answer, and nobody has one to a question from before they came.</summary>
public sealed class SharedAnswersTests
{
    private readonly ConcurrentQueue<TaskCompletionSource<int>> _asked = new();
    private readonly TestClock _clock = new();
    private readonly SharedAnswers<string, int> _shared;
    private int _count;

    public SharedAnswersTests() => _shared = new SharedAnswers<string, int>(
        _ =>
        {
            Interlocked.Increment(ref _count);
            var asked = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            _asked.Enqueue(asked);
            return asked.Task;
        },
        _clock);

    [Fact]
    public async Task Ask_WhileTheSameIsUnderWay_IsAnsweredByTheNextTogetherWithOthers()
    {
        var first = _shared.AskAsync("acme");
        var (second, third) = (_shared.AskAsync("acme"), _shared.AskAsync("acme"));
        Assert.Equal(1, _count);

        await AnswerAsync(1);
        Assert.Equal(1, await first);
        Assert.False(second.IsCompleted);
        Assert.False(third.IsCompleted);

        await AnswerAsync(2);
        Assert.Equal((2, 2), (await second, await third));
        Assert.Equal(2, _count);
    }

    [Fact]
    public async Task Ask_OneAfterTheOther_AsksEachTime()
    {
        for (var turn = 1; turn <= 3; turn++)
        {
            var asked = _shared.AskAsync("acme");
            await AnswerAsync(turn);
            Assert.Equal(turn, await asked);
        }

        Assert.Equal(3, _count);
    }

    [Fact]
    public async Task Ask_SomethingElse_WaitsForNobody()
    {
        var (acme, globex) = (_shared.AskAsync("acme"), _shared.AskAsync("globex"));

        Assert.Equal(2, _count);
        await AnswerAsync(1);
        await AnswerAsync(2);
        Assert.Equal((1, 2), (await acme, await globex));
    }

    [Fact]
    public async Task Ask_BehindOneThatTakesLong_AsksAlone()
    {
        var stuck = _shared.AskAsync("acme");
        var behind = _shared.AskAsync("acme");
        _clock.Advance(TimeSpan.FromMilliseconds(100));

        var alone = _shared.AskAsync("acme");

        Assert.Equal(2, _count);
        Assert.True(_asked.TryDequeue(out var lost));
        await AnswerAsync(2);
        Assert.Equal(2, await alone);
        Assert.False(stuck.IsCompleted);
        Assert.False(behind.IsCompleted);
        lost.SetException(new TimeoutException());
        await Assert.ThrowsAsync<TimeoutException>(() => stuck);
        await AnswerAsync(3);
        Assert.Equal(3, await behind);
    }

    [Fact]
    public async Task Ask_WhenItFails_FailsForThoseWhoWaitedForItAndNobodyElse()
    {
        var first = _shared.AskAsync("acme");
        var (second, third) = (_shared.AskAsync("acme"), _shared.AskAsync("acme"));
        await AnswerAsync(1);
        (await NextAsync()).SetException(new TimeoutException());

        Assert.Equal(1, await first);
        await Assert.ThrowsAsync<TimeoutException>(() => second);
        await Assert.ThrowsAsync<TimeoutException>(() => third);
        var later = _shared.AskAsync("acme");
        await AnswerAsync(4);
        Assert.Equal(4, await later);
    }

    private async Task AnswerAsync(int answer) => (await NextAsync()).SetResult(answer);

    private async Task<TaskCompletionSource<int>> NextAsync()
    {
        TaskCompletionSource<int>? asked = null;
        for (var turn = 0; turn < 100_000 && !_asked.TryDequeue(out asked); turn++)
        {
            await Task.Yield();
        }

        return asked ?? throw new TimeoutException("Nothing was asked.");
    }
}
