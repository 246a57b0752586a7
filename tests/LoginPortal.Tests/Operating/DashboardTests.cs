using System.Diagnostics.Metrics;
using System.Text.Json;
using System.Text.RegularExpressions;
using LoginPortal.Tests.Hosts;
using LoginPortal.Tests.Texts;
using Npgsql;

namespace LoginPortal.Tests.Operating;

/// <summary>Everything that the dashboard draws is measured under that name.</summary>
public sealed class DashboardTests : PortalTests
{
    [Fact]
    public async Task Metrics_OfTheDashboard_AreAllMeasured()
    {
        var measured = new HashSet<string>(StringComparer.Ordinal);
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            lock (measured)
            {
                measured.UnionWith(NamesOf(instrument));
            }
        };
        listener.Start();
        await using var source = NpgsqlDataSource.Create("Host=nowhere");
        using var browser = Start().OpenBrowser();
        await browser.GetAsync("/t/acme/sign-in");

        var drawn = Drawn();

        Assert.True(drawn.Count > 15);
        lock (measured)
        {
            Assert.Empty(drawn.Except(measured));
        }
    }

    private static HashSet<string> Drawn()
    {
        using var dashboard = JsonDocument.Parse(File.ReadAllText(Path.Combine(TextFiles.Root, "deploy", "grafana", "loginportal.json")));
        var queries = dashboard.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(panel => panel.TryGetProperty("targets", out var targets) ? targets.EnumerateArray().Select(target => target.GetProperty("expr").GetString()!) : [])
            .Concat(dashboard.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
                .Select(variable => variable.GetProperty("query").GetString()!));
        return [.. queries.SelectMany(query => Regex.Matches(Regex.Replace(query, @"\$\w+|\{[^}]*\}|by \([^)]*\)", " "), "[a-z]+(?:_[a-z]+){1,}"))
            .Select(match => match.Value)
            .Where(name => name is not ("histogram_quantile" or "label_values"))];
    }

    /// <summary>How Prometheus calls an instrument (OpenTelemetry's specification of compatibility with Prometheus).</summary>
    private static IEnumerable<string> NamesOf(Instrument instrument)
    {
        var name = instrument.Name.Replace('.', '_') + instrument.Unit switch
        {
            "s" => "_seconds",
            "By" => "_bytes",
            _ => "",
        };
        var kind = instrument.GetType().Name;
        return kind.StartsWith("Histogram", StringComparison.Ordinal) ? [$"{name}_bucket", $"{name}_count", $"{name}_sum"]
            : kind.Contains("UpDown", StringComparison.Ordinal) ? [name]
            : kind.Contains("Counter", StringComparison.Ordinal) ? [$"{name}_total"]
            : [name];
    }
}
