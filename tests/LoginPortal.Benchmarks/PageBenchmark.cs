namespace LoginPortal.Benchmarks;

/// <summary>Sign-in pages a second, against the login page of the framework's Blazor template: two published servers, asked in turn.</summary>
internal static class PageBenchmark
{
    private const int AtATime = 4;

    public static async Task RunAsync(BenchmarkOptions options)
    {
        Console.WriteLine("| engine | portal | template | ratio |");
        Console.WriteLine("| --- | ---: | ---: | ---: |");
        var template = await BlazorTemplate.BuildAsync();
        foreach (var provider in BenchmarkOptions.Providers)
        {
            await using var installation = await Installation.CreateAsync(provider, 1);
            await using var portal = await installation.StartPortalAsync();
            await using var theirs = await BlazorTemplate.StartAsync(template);
            using var ours = Load.Client(portal.Origin);
            using var others = Load.Client(theirs.Origin);
            var length = TimeSpan.FromSeconds(options.IsQuick ? 0.5 : 1.5);
            var (mine, framework) = (new List<double>(), new List<double>());
            for (var round = -2; round < (options.IsQuick ? 3 : 8); round++)
            {
                var one = await Load.ClosedAsync(AtATime, length, () => GetAsync(ours, $"t/{Installation.Slug}/sign-in"));
                var other = await Load.ClosedAsync(AtATime, length, () => GetAsync(others, "Account/Login"));
                if (round >= 0)
                {
                    mine.Add(one);
                    framework.Add(other);
                }
            }

            var (a, b) = (new Sample(mine), new Sample(framework));
            Console.WriteLine(Measurement.Text($"| {provider} | {a.Median:0} /s | {b.Median:0} /s | {a.Over(b).Ratio()} |"));
        }
    }

    private static async Task<bool> GetAsync(HttpClient client, string address)
    {
        using var response = await client.GetAsync(new Uri(address, UriKind.Relative));
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
        return true;
    }
}
