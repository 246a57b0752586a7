using System.Net.Http.Json;

namespace LoginPortal.Benchmarks;

/// <summary>
/// Sign-ins a second through the API of one node and of two. On one machine two nodes have no more processors than one, so each is given one
/// thread for hashing: what is seen is what the second node costs, in the database and beside it.
/// </summary>
internal static class NodesBenchmark
{
    private const int People = 64;

    public static async Task RunAsync(BenchmarkOptions options)
    {
        if (!BenchmarkOptions.Providers.Contains(Core.Data.DatabaseProvider.PostgreSql))
        {
            Console.WriteLine("Needs PostgreSQL.");
            return;
        }

        await using var installation = await Installation.CreateAsync(Core.Data.DatabaseProvider.PostgreSql, People);
        await using var first = await installation.StartApiAsync(("PasswordHashing__MaximumConcurrency", "1"));
        await using var second = await installation.StartApiAsync(("PasswordHashing__MaximumConcurrency", "1"));
        using var here = Load.Client(first.Origin);
        using var there = Load.Client(second.Origin);
        var (person, turn) = (0, 0);
        var length = TimeSpan.FromSeconds(options.IsQuick ? 2 : 6);
        var (one, two) = (new List<double>(), new List<double>());
        for (var round = -1; round < (options.IsQuick ? 2 : 4); round++)
        {
            var alone = await Load.ClosedAsync(4, length, () => SignInAsync(here));
            var together = await Load.ClosedAsync(8, length, () => SignInAsync(Interlocked.Increment(ref turn) % 2 == 0 ? here : there));
            if (round >= 0)
            {
                one.Add(alone);
                two.Add(together);
            }
        }

        var (a, b) = (new Sample(one), new Sample(two));
        Console.WriteLine("| one node | two nodes | ratio |");
        Console.WriteLine("| ---: | ---: | ---: |");
        Console.WriteLine(Measurement.Text($"| {a.Median:0.0} /s | {b.Median:0.0} /s | {b.Over(a).Ratio()} |"));

        async Task<bool> SignInAsync(HttpClient client)
        {
            var address = Installation.Address(Interlocked.Increment(ref person) % People);
            using var response = await client.PostAsJsonAsync($"api/v1/auth/tenants/{Installation.Slug}/login", new { email = address, password = SignInShare.Password });
            return response.IsSuccessStatusCode;
        }
    }
}
