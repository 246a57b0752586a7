namespace LoginPortal.Benchmarks;

/// <summary>Two servers that do alike, asked in turn: how often a second each answers, and what an answer takes of its processor time.</summary>
internal sealed record ServerComparison(Sample OurRate, Sample TheirRate, Sample OurMicroseconds, Sample TheirMicroseconds)
{
    /// <summary>How many clients ask at a time, each again as soon as it is answered: few, so that each has what it needs, and many, as when there is much to do.</summary>
    public static IReadOnlyList<int> AtATime { get; } = [4, 16];

    /// <summary>A server compiles what it does often anew, and is at its best after some ten thousand requests.</summary>
    private const int WarmUpRounds = 4;

    /// <summary>Asks both.</summary>
    /// <param name="options">How long.</param>
    /// <param name="atATime">By how many clients.</param>
    /// <param name="ours">The portal, and how the client of a number asks it once.</param>
    /// <param name="theirs">The other.</param>
    public static async Task<ServerComparison> RunAsync(
        BenchmarkOptions options, int atATime, (ServerProcess Server, Func<int, Task> Ask) ours, (ServerProcess Server, Func<int, Task> Ask) theirs)
    {
        var length = TimeSpan.FromSeconds(options.IsQuick ? 0.5 : 1.5);
        var (mine, others) = (new List<(double Rate, double Microseconds)>(), new List<(double Rate, double Microseconds)>());
        for (var round = -WarmUpRounds; round < (options.IsQuick ? 3 : 7); round++)
        {
            var (one, other) = (await MeasureAsync(ours, atATime, length), await MeasureAsync(theirs, atATime, length));
            if (round >= 0)
            {
                mine.Add(one);
                others.Add(other);
            }
        }

        return new ServerComparison(
            new Sample(mine.Select(one => one.Rate)),
            new Sample(others.Select(one => one.Rate)),
            new Sample(mine.Select(one => one.Microseconds)),
            new Sample(others.Select(one => one.Microseconds)));
    }

    /// <summary>The rest of a line of a table.</summary>
    public override string ToString() => Measurement.Text(
        $"{OurRate.Median:0} /s | {TheirRate.Median:0} /s | {OurRate.Over(TheirRate).Ratio()} | {OurMicroseconds.Median:0} µs | {TheirMicroseconds.Median:0} µs |");

    private static async Task<(double Rate, double Microseconds)> MeasureAsync((ServerProcess Server, Func<int, Task> Ask) asked, int atATime, TimeSpan length)
    {
        var (before, started) = (asked.Server.ProcessorTime, TimeProvider.System.GetTimestamp());
        var counts = await Task.WhenAll(Enumerable.Range(0, atATime).Select(client => Task.Run(async () =>
        {
            var count = 0;
            for (; TimeProvider.System.GetElapsedTime(started) < length; count++)
            {
                await asked.Ask(client);
            }

            return count;
        })));
        var (seconds, answered) = (TimeProvider.System.GetElapsedTime(started).TotalSeconds, counts.Sum());
        return (answered / seconds, (asked.Server.ProcessorTime - before).TotalMicroseconds / answered);
    }
}
