using System.Globalization;
using LoginPortal.Core.Data;

namespace LoginPortal.Benchmarks;

/// <summary>What was asked for on the command line.</summary>
internal sealed record BenchmarkOptions(IReadOnlyList<string> Names, bool IsQuick)
{
    public static BenchmarkOptions Of(string[] arguments) =>
        new([.. arguments.Where(argument => !argument.StartsWith('-'))], arguments.Contains("--quick", StringComparer.Ordinal));

    /// <summary>PostgreSQL needs LOGINPORTAL_TEST_POSTGRESQL.</summary>
    public static IReadOnlyList<DatabaseProvider> Providers =>
        Environment.GetEnvironmentVariable("LOGINPORTAL_TEST_POSTGRESQL") is { Length: > 0 }
            ? [DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql]
            : [DatabaseProvider.Sqlite];

    public int Rounds(int rounds) => IsQuick ? Math.Max(3, rounds / 10) : rounds;
}

/// <summary>
/// Measures contestants against each other: in each round one after the other, so that a machine that is slower for a while is so for all of
/// them. What is compared is the median of the rounds.
/// </summary>
internal static class Measurement
{
    /// <summary>How long each contestant takes in each round.</summary>
    /// <param name="rounds">How often; the first fifth is for warming up and is not counted.</param>
    /// <param name="repeats">How often in a row within a round.</param>
    /// <param name="contestants">What is measured.</param>
    public static async Task<IReadOnlyList<Sample>> CompareAsync(int rounds, int repeats, params IReadOnlyList<Func<Task>> contestants)
    {
        var times = contestants.Select(_ => new List<double>()).ToList();
        var warmUp = Math.Max(1, rounds / 5);
        for (var round = -warmUp; round < rounds; round++)
        {
            for (var index = 0; index < contestants.Count; index++)
            {
                var started = TimeProvider.System.GetTimestamp();
                for (var repeat = 0; repeat < repeats; repeat++)
                {
                    await contestants[index]();
                }

                if (round >= 0)
                {
                    times[index].Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds / repeats);
                }
            }
        }

        return [.. times.Select(values => new Sample(values))];
    }

    /// <summary>The time that this process spends on a processor, which a busy machine does not make longer; a database server's own is not in it.</summary>
    public static async Task<TimeSpan> ProcessorTimeAsync(int repeats, Func<Task> work)
    {
        var before = Environment.CpuUsage.TotalTime;
        for (var repeat = 0; repeat < repeats; repeat++)
        {
            await work();
        }

        return Environment.CpuUsage.TotalTime - before;
    }

    public static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Times in milliseconds.</summary>
internal sealed class Sample
{
    private readonly double[] _sorted;

    public Sample(IEnumerable<double> values)
    {
        Values = [.. values];
        _sorted = [.. Values.Order()];
    }

    public IReadOnlyList<double> Values { get; }

    public double Median => At(0.5);

    public double At(double quantile) => _sorted.Length == 0 ? double.NaN : _sorted[Math.Min(_sorted.Length - 1, (int)(quantile * _sorted.Length))];

    /// <summary>This one's share of the other, round by round.</summary>
    public Sample Over(Sample other) => new(Values.Zip(other.Values, (mine, theirs) => mine / theirs));

    /// <summary>The median and the middle half.</summary>
    public string Ratio() => Measurement.Text($"{Median:0.000} ({At(0.25):0.000} to {At(0.75):0.000})");

    public string Milliseconds() => Measurement.Text($"{Median:0.00} ms");
}
