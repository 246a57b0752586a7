using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LoginPortal.Benchmarks;

/// <summary>
/// Refreshing and a bearer call that loads the person, against the framework's own MapIdentityApi on the same engine: two published servers, asked
/// in turn by the same client.
/// </summary>
internal static class TokenBenchmark
{
    private const int AtATime = 4;

    /// <summary>A server compiles what it does often anew, and is at its best after some ten thousand requests.</summary>
    private const int WarmUpRounds = 8;

    public static async Task RunAsync(BenchmarkOptions options)
    {
        Console.WriteLine("| engine | | portal | framework | ratio | processor time of the portal's server | of the framework's |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: |");
        foreach (var provider in BenchmarkOptions.Providers)
        {
            await using var installation = await Installation.CreateAsync(provider, AtATime);
            await using var api = await installation.StartApiAsync();
            await using var theirs = await FrameworkApi.StartAsync(installation);
            using var portal = Load.Client(api.Origin);
            using var framework = Load.Client(theirs.Origin);

            var ours = new List<JsonNode>();
            var others = new List<JsonNode>();
            await framework.PostAsJsonAsync("register", new { email = SignInShare.Address, password = FrameworkApi.Password });
            for (var client = 0; client < AtATime; client++)
            {
                ours.Add((await PostAsync(portal, $"api/v1/auth/tenants/{Installation.Slug}/login", new { email = Installation.Address(client), password = SignInShare.Password }))["data"]!);
                others.Add(await PostAsync(framework, "login", new { email = SignInShare.Address, password = FrameworkApi.Password }));
            }

            await CompareAsync(
                options,
                $"{provider} | refresh",
                (api, theirs),
                async client => ours[client] = (await PostAsync(portal, $"api/v1/auth/tenants/{Installation.Slug}/token/refresh", new { refresh_token = (string)ours[client]["refresh_token"]! }))["data"]!,
                async client => others[client] = await PostAsync(framework, "refresh", new { refreshToken = (string)others[client]["refreshToken"]! }));
            await CompareAsync(
                options,
                $"{provider} | bearer call",
                (api, theirs),
                client => GetAsync(portal, "api/v1/me", (string)ours[client]["access_token"]!),
                client => GetAsync(framework, "manage/info", (string)others[client]["accessToken"]!));
        }
    }

    private static async Task CompareAsync(
        BenchmarkOptions options, string what, (ServerProcess Portal, ServerProcess Framework) servers, Func<int, Task> ours, Func<int, Task> theirs)
    {
        var length = TimeSpan.FromSeconds(options.IsQuick ? 0.5 : 1.5);
        var (mine, others) = (new List<double>(), new List<double>());
        var (own, foreign) = (new List<double>(), new List<double>());
        for (var round = -WarmUpRounds; round < (options.IsQuick ? 3 : 8); round++)
        {
            var (one, other) = (await MeasureAsync(servers.Portal, ours, length), await MeasureAsync(servers.Framework, theirs, length));
            if (round >= 0)
            {
                mine.Add(one.Rate);
                own.Add(one.Microseconds);
                others.Add(other.Rate);
                foreign.Add(other.Microseconds);
            }
        }

        var (portal, framework) = (new Sample(mine), new Sample(others));
        Console.WriteLine(Measurement.Text(
            $"| {what} | {portal.Median:0} /s | {framework.Median:0} /s | {portal.Over(framework).Ratio()} | {new Sample(own).Median:0} µs | {new Sample(foreign).Median:0} µs |"));
    }

    /// <summary>How often a second it was done, and what each took of the server's processor time.</summary>
    private static async Task<(double Rate, double Microseconds)> MeasureAsync(ServerProcess server, Func<int, Task> ask, TimeSpan length)
    {
        var (before, started) = (server.ProcessorTime, TimeProvider.System.GetTimestamp());
        var rate = await RateAsync(ask, length);
        var count = rate * TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        return (rate, (server.ProcessorTime - before).TotalMicroseconds / count);
    }

    private static async Task<double> RateAsync(Func<int, Task> ask, TimeSpan length)
    {
        var next = -1;
        var started = TimeProvider.System.GetTimestamp();
        var done = await Task.WhenAll(Enumerable.Range(0, AtATime).Select(_ => Task.Run(async () =>
        {
            var client = Interlocked.Increment(ref next);
            var count = 0;
            for (; TimeProvider.System.GetElapsedTime(started) < length; count++)
            {
                await ask(client);
            }

            return count;
        })));
        return done.Sum() / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    private static async Task<JsonNode> PostAsync(HttpClient client, string address, object body)
    {
        using var response = await client.PostAsJsonAsync(address, body);
        return response.IsSuccessStatusCode
            ? (await response.Content.ReadFromJsonAsync<JsonNode>())!
            : throw new InvalidOperationException($"{address}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }

    private static async Task GetAsync(HttpClient client, string address, string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) } };
        using var response = await client.SendAsync(request);
        response.EnsureSuccessStatusCode();
        await response.Content.ReadAsByteArrayAsync();
    }
}
