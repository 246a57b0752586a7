using System.Collections.Concurrent;
using System.Net;
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

    private const int People = 200;

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

        await FloodAsync(options);
    }

    /// <summary>Somebody opens pages and their circuits as fast as four clients can, while others sign in from another address.</summary>
    private static async Task FloodAsync(BenchmarkOptions options)
    {
        var length = TimeSpan.FromSeconds(options.IsQuick ? 4 : 15);
        await using var installation = await Installation.CreateAsync(DatabaseProvider.Sqlite, People);
        await using var portal = await installation.StartPortalAsync();
        using var attacker = Load.Client(portal.Origin);
        using var others = Load.Client(portal.Origin, IPAddress.Parse("127.0.0.2"));
        using var visitor = await FormVisitor.ArriveAsync(others, People);
        await visitor.PrepareAsync((int)(60 * length.TotalSeconds));
        Task<double> SignInsAsync(TimeSpan time) => Load.ClosedAsync(2, time, async () => await visitor.EnterPasswordAsync() == SignInAnswer.Completed);
        await SignInsAsync(TimeSpan.FromSeconds(2));

        var before = await SignInsAsync(length);
        var flood = new Flood(attacker);
        var flooding = Load.ClosedAsync(4, length, flood.VisitAsync);
        var rates = await Task.WhenAll(SignInsAsync(length), flooding);
        await using var circuit = await CircuitClient.OpenAsync(others, Page);

        Console.WriteLine();
        Console.WriteLine("| a flood from one address | got a circuit | pages as plain forms | connections refused | sign-ins from elsewhere before | during | a circuit from elsewhere |");
        Console.WriteLine("| ---: | ---: | ---: | ---: | ---: | ---: | --- |");
        Console.WriteLine(Measurement.Text(
            $"| {rates[1]:0} visits /s | {flood.Circuits.Count} | {flood.Plain} | {flood.Refused} | {before:0.0} /s | {rates[0]:0.0} /s | {(circuit is null ? "none" : "opens")} |"));
        await CloseAsync(flood.Circuits);
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

    /// <summary>Keeps every circuit that it gets.</summary>
    private sealed class Flood(HttpClient http)
    {
        private int _plain;
        private int _refused;

        public ConcurrentBag<CircuitClient> Circuits { get; } = [];

        public int Plain => _plain;

        public int Refused => _refused;

        public async Task<bool> VisitAsync()
        {
            try
            {
                if (await CircuitClient.OpenAsync(http, Page) is { } circuit)
                {
                    Circuits.Add(circuit);
                }
                else
                {
                    Interlocked.Increment(ref _plain);
                }
            }
            catch (WebSocketException)
            {
                Interlocked.Increment(ref _refused);
            }

            return true;
        }
    }
}
