using System.Net.WebSockets;
using LoginPortal.Core.Data;

namespace LoginPortal.Benchmarks;

/// <summary>
/// What an open circuit of a sign-in page costs in memory, whether it is given back, and whether people sign in while somebody holds every
/// circuit that one network may have.
/// </summary>
internal static class CircuitBenchmark
{
    private const string Page = $"t/{Installation.Slug}/sign-in";

    /// <summary>A circuit whose connection is gone is kept for a minute.</summary>
    private static readonly TimeSpan Retention = TimeSpan.FromSeconds(75);

    public static async Task RunAsync(BenchmarkOptions options)
    {
        var count = options.IsQuick ? 100 : 1_000;
        await using var installation = await Installation.CreateAsync(DatabaseProvider.Sqlite, 1);
        await using (var portal = await installation.StartPortalAsync(
            ("Portal__MaximumCircuitsPerAddress", "100000"), ("DOTNET_STARTUP_HOOKS", typeof(CircuitBenchmark).Assembly.Location)))
        {
            using var http = Load.Client(portal.Origin);
            await CloseAsync(await OpenAsync(http, 100));
            await Task.Delay(Retention);
            var (before, residentBefore) = (await portal.LiveBytesAsync(), portal.ResidentBytes);
            var circuits = await OpenAsync(http, count);
            await Task.WhenAll(circuits.Select(circuit => circuit.PingAsync()));
            var (open, residentOpen) = (await portal.LiveBytesAsync(), portal.ResidentBytes);
            await CloseAsync(circuits);
            await Task.Delay(Retention);
            var (after, residentAfter) = (await portal.LiveBytesAsync(), portal.ResidentBytes);

            Console.WriteLine("| circuits | live objects each | resident each | live objects left | resident left |");
            Console.WriteLine("| ---: | ---: | ---: | ---: | ---: |");
            Console.WriteLine(Measurement.Text(
                $"| {circuits.Count} | {(open - before) / 1024.0 / circuits.Count:0} KiB | {(residentOpen - residentBefore) / 1024.0 / circuits.Count:0} KiB | {(after - before) / 1048576.0:0.0} MiB | {(residentAfter - residentBefore) / 1048576.0:0.0} MiB |"));
        }

        await using (var portal = await installation.StartPortalAsync())
        {
            using var http = Load.Client(portal.Origin);
            var (opened, refused, withoutCircuit) = (new List<CircuitClient>(), 0, 0);
            for (var visit = 0; visit < 150; visit++)
            {
                try
                {
                    if (await CircuitClient.OpenAsync(http, Page) is { } circuit)
                    {
                        opened.Add(circuit);
                    }
                    else
                    {
                        withoutCircuit++;
                    }
                }
                catch (WebSocketException)
                {
                    refused++;
                }
            }

            Console.WriteLine();
            Console.WriteLine(Measurement.Text($"Of 150 visits from one address {opened.Count} got a circuit, {withoutCircuit} a page that works as a plain form, {refused} were refused the connection."));
            await CloseAsync(opened);
        }
    }

    private static async Task<List<CircuitClient>> OpenAsync(HttpClient http, int count)
    {
        var circuits = new List<CircuitClient>();
        while (circuits.Count < count)
        {
            circuits.AddRange(await Task.WhenAll(Enumerable.Range(0, Math.Min(10, count - circuits.Count)).Select(async _ =>
                await CircuitClient.OpenAsync(http, Page) ?? throw new InvalidOperationException("The page offers no circuit."))));
        }

        return circuits;
    }

    private static async Task CloseAsync(IEnumerable<CircuitClient> circuits)
    {
        foreach (var circuit in circuits)
        {
            await circuit.DisposeAsync();
        }
    }
}
