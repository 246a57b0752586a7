namespace LoginPortal.Benchmarks;

/// <summary>From the start of a process to its first page, and what the process keeps in memory while nobody asks for anything.</summary>
internal static class StartBenchmark
{
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(10);

    public static async Task RunAsync(BenchmarkOptions options)
    {
        Console.WriteLine("| engine | first page after | fastest and slowest | memory at rest |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        foreach (var provider in BenchmarkOptions.Providers)
        {
            await using var installation = await Installation.CreateAsync(provider, 1);
            var times = new List<double>();
            var memory = 0L;
            for (var start = 0; start < (options.IsQuick ? 3 : 7); start++)
            {
                await using var portal = await installation.StartPortalAsync();
                times.Add(portal.StartTime.TotalMilliseconds);
                if (start == 0)
                {
                    await Task.Delay(Rest);
                    memory = portal.ResidentBytes;
                }
            }

            var sample = new Sample(times);
            Console.WriteLine(Measurement.Text($"| {provider} | {sample.Median:0} ms | {sample.At(0):0} to {sample.At(0.999):0} ms | {memory / 1048576.0:0} MB |"));
        }
    }
}
