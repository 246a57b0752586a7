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
        var length = TimeSpan.FromSeconds(options.IsQuick ? 4 : 15);
        foreach (var provider in BenchmarkOptions.Providers)
        {
            await using var installation = await Installation.CreateAsync(provider, People);
            await using var portal = await installation.StartPortalAsync();
            using var visitor = await FormVisitor.ArriveAsync(Load.Client(portal.Origin), People);
            await WarmUpAsync(visitor);

            var peak = (Rate: 0.0, WithoutClient: 0.0);
            foreach (var atATime in (int[])[2, 4, 8, 16])
            {
                await visitor.PrepareAsync((int)(30 * length.TotalSeconds / 2));
                var machine = MachineShare.Start();
                var rate = await Load.ClosedAsync(atATime, length / 2, async () => await visitor.EnterPasswordAsync() == SignInAnswer.Completed);
                peak = (Math.Max(peak.Rate, rate), Math.Max(peak.WithoutClient, rate / machine.LeftByClient()));
            }

            await visitor.PrepareAsync((int)(3.2 * peak.Rate * length.TotalSeconds));
            var pages = Load.OpenAsync(PagesASecond, length, visitor.OpenPageAsync);
            var overloaded = MachineShare.Start();
            var answers = await Load.OpenAsync(3 * peak.Rate, length, () => visitor.EnterPasswordAsync());
            var left = overloaded.LeftByClient();
            var completed = answers.Count(one => one.Answer == SignInAnswer.Completed) / overloaded.Seconds;
            var refusals = answers.Where(one => one.Answer == SignInAnswer.Refused).Select(one => one.Milliseconds).ToList();
            var others = answers.Count(one => one.Answer is SignInAnswer.Other or SignInAnswer.RefusedWithoutTime);
            Console.WriteLine(Measurement.Text(
                $"| {provider} | {peak.Rate:0.0} /s | {answers.Count / length.TotalSeconds:0.0} /s | {completed:0.0} /s | {completed / peak.Rate:0.00} | {completed / left / peak.WithoutClient:0.00} | {refusals.Count} of {answers.Count}, {others} otherwise | {new Sample(refusals).At(0.95):0} ms | {new Sample((await pages).Select(page => page.Milliseconds)).At(0.95):0} ms |"));
        }
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
