namespace LoginPortal.Benchmarks;

/// <summary>
/// Three times as many passwords as can be hashed, posted as plain forms to a published portal, while others open pages. The flows are begun
/// beforehand, so that what arrives is passwords.
/// </summary>
internal static class OverloadBenchmark
{
    private const int People = 200;
    private const double PagesASecond = 10;

    public static async Task RunAsync(BenchmarkOptions options)
    {
        Console.WriteLine("| engine | peak | offered | completed | of the peak | of the peak, without the client | refused, with Retry-After | refusal p95 | other pages p95 |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var length = TimeSpan.FromSeconds(options.IsQuick ? 4 : 8);
        foreach (var provider in BenchmarkOptions.Providers)
        {
            await using var installation = await Installation.CreateAsync(provider, People);
            await using var portal = await installation.StartPortalAsync();
            using var visitor = await FormVisitor.ArriveAsync(Load.Client(portal.Origin), People);
            await WarmUpAsync(visitor);

            var best = (AtATime: 0, Rate: 0.0);
            foreach (var atATime in (int[])[2, 4, 8, 16])
            {
                var (rate, _) = await PeakAsync(visitor, atATime, length / 2);
                best = rate > best.Rate ? (atATime, rate) : best;
            }

            var (peaks, peaksAlone) = (new List<double>(), new List<double>());
            var (completed, completedAlone) = (new List<double>(), new List<double>());
            var (answers, pages) = (new List<(double Milliseconds, SignInAnswer Answer)>(), new List<double>());
            for (var round = 0; round < (options.IsQuick ? 2 : 7); round++)
            {
                var (peak, left) = await PeakAsync(visitor, best.AtATime, length);
                peaks.Add(peak);
                peaksAlone.Add(peak / left);

                await visitor.PrepareAsync((int)(3.2 * peak * length.TotalSeconds));
                var others = Load.OpenAsync(PagesASecond, length, visitor.OpenPageAsync);
                var machine = MachineShare.Start();
                var answered = await Load.OpenAsync(3 * peak, length, () => visitor.EnterPasswordAsync());
                left = machine.LeftByClient();
                var rate = answered.Count(one => one.Answer == SignInAnswer.Completed) / machine.Seconds;
                completed.Add(rate);
                completedAlone.Add(rate / left);
                answers.AddRange(answered);
                pages.AddRange((await others).Select(page => page.Milliseconds));
            }

            var (done, capacity) = (new Sample(completed), new Sample(peaks));
            var refusals = answers.Where(one => one.Answer == SignInAnswer.Refused).Select(one => one.Milliseconds).ToList();
            var unexpected = answers.Count(one => one.Answer is SignInAnswer.Other or SignInAnswer.RefusedWithoutTime);
            Console.WriteLine(Measurement.Text(
                $"| {provider} | {capacity.Median:0.0} /s | {answers.Count / length.TotalSeconds / peaks.Count:0.0} /s | {done.Median:0.0} /s | {done.Over(capacity).Ratio()} | {new Sample(completedAlone).Over(new Sample(peaksAlone)).Ratio()} | {refusals.Count} of {answers.Count}, {unexpected} otherwise | {new Sample(refusals).At(0.95):0} ms | {new Sample(pages).At(0.95):0} ms |"));
        }
    }

    /// <summary>How many sign-ins a second are completed, and the share of the machine that the client left for them.</summary>
    private static async Task<(double Rate, double Left)> PeakAsync(FormVisitor visitor, int atATime, TimeSpan length)
    {
        await visitor.PrepareAsync((int)(30 * length.TotalSeconds));
        var machine = MachineShare.Start();
        var rate = await Load.ClosedAsync(atATime, length, async () => await visitor.EnterPasswordAsync() == SignInAnswer.Completed);
        return (rate, machine.LeftByClient());
    }

    /// <summary>Completes, refuses and opens pages until client and portal have compiled what they need for it.</summary>
    private static async Task WarmUpAsync(FormVisitor visitor)
    {
        await visitor.PrepareAsync(300);
        await Load.OpenAsync(60, TimeSpan.FromSeconds(5), () => visitor.EnterPasswordAsync());
        await Load.ClosedAsync(2, TimeSpan.FromSeconds(2), visitor.OpenPageAsync);
    }

    /// <summary>
    /// What this process, which asks, leaves of the machine to those that answer. People ask from machines of their own; here asking three times as
    /// much takes what would have been hashed with.
    /// </summary>
    private sealed class MachineShare
    {
        private readonly long _started = TimeProvider.System.GetTimestamp();
        private readonly TimeSpan _used = Environment.CpuUsage.TotalTime;

        public double Seconds { get; private set; }

        public static MachineShare Start() => new();

        /// <summary>Ends the measurement.</summary>
        /// <returns>A share of all cores, less than 1.</returns>
        public double LeftByClient()
        {
            Seconds = TimeProvider.System.GetElapsedTime(_started).TotalSeconds;
            return 1 - ((Environment.CpuUsage.TotalTime - _used).TotalSeconds / Seconds / Environment.ProcessorCount);
        }
    }
}
