namespace LoginPortal.Benchmarks;

/// <summary>Sign-in pages a second, against the login page of the framework's Blazor template: two published servers, asked in turn.</summary>
internal static class PageBenchmark
{
    public static async Task RunAsync(BenchmarkOptions options)
    {
        Console.WriteLine("| engine | | at a time | portal | template | ratio | processor time of the portal's server | of the template's |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        var template = await BlazorTemplate.BuildAsync();
        foreach (var provider in BenchmarkOptions.Providers)
        {
            await using var installation = await Installation.CreateAsync(provider, 1);
            await using var portal = await installation.StartPortalAsync();
            await using var theirs = await BlazorTemplate.StartAsync(template);
            using var ours = Load.Client(portal.Origin);
            using var others = Load.Client(theirs.Origin);
            var number = 0;
            string Return() => $"?returnUrl=%2Fconnect%2Fauthorize%3Fstate%3D{Interlocked.Increment(ref number)}";
            foreach (var (what, query, theirQuery) in new (string, Func<string>, Func<string>)[]
            {
                ("by itself", () => "", () => ""),
                ("from an application", Return, Return),
                ("with an address filled in", () => "?login_hint=person%40acme.example", () => ""),
            })
            {
                foreach (var atATime in ServerComparison.AtATime)
                {
                    var compared = await ServerComparison.RunAsync(
                        options,
                        atATime,
                        (portal, _ => GetAsync(ours, $"t/{Installation.Slug}/sign-in{query()}")),
                        (theirs, _ => GetAsync(others, $"Account/Login{theirQuery()}")));
                    Console.WriteLine($"| {provider} | {what} | {atATime} | {compared}");
                }
            }
        }
    }

    private static async Task GetAsync(HttpClient client, string address)
    {
        using var response = await client.GetAsync(new Uri(address, UriKind.Relative));
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }
}
