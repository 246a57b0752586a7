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
    public static async Task RunAsync(BenchmarkOptions options)
    {
        Console.WriteLine("| engine | | at a time | portal | framework | ratio | processor time of the portal's server | of the framework's |");
        Console.WriteLine("| --- | --- | ---: | ---: | ---: | ---: | ---: | ---: |");
        var clients = ServerComparison.AtATime.Max();
        foreach (var provider in BenchmarkOptions.Providers)
        {
            await using var installation = await Installation.CreateAsync(provider, clients);
            await using var api = await installation.StartApiAsync();
            await using var theirs = await FrameworkApi.StartAsync(installation);
            using var portal = Load.Client(api.Origin);
            using var framework = Load.Client(theirs.Origin);

            var ours = new List<JsonNode>();
            var others = new List<JsonNode>();
            await framework.PostAsJsonAsync("register", new { email = SignInShare.Address, password = FrameworkApi.Password });
            for (var client = 0; client < clients; client++)
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
        foreach (var atATime in ServerComparison.AtATime)
        {
            Console.WriteLine($"| {what} | {atATime} | {await ServerComparison.RunAsync(options, atATime, (servers.Portal, ours), (servers.Framework, theirs))}");
        }
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
