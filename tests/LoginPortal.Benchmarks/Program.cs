using LoginPortal.Benchmarks;

// Each benchmark prints its part of docs/performance.md.
var benchmarks = new Dictionary<string, Func<BenchmarkOptions, Task>>(StringComparer.Ordinal)
{
    ["sign-in"] = SignInShare.RunAsync,
    ["tokens"] = TokenBenchmark.RunAsync,
    ["pages"] = PageBenchmark.RunAsync,
    ["size"] = SizeBenchmark.RunAsync,
    ["start"] = StartBenchmark.RunAsync,
    ["nodes"] = NodesBenchmark.RunAsync,
    ["overload"] = OverloadBenchmark.RunAsync,
    ["circuits"] = CircuitBenchmark.RunAsync,
};
if (args is [FrameworkApi.Mode])
{
    await FrameworkApi.ServeAsync();
    return 0;
}

var options = BenchmarkOptions.Of(args);
var chosen = options.Names.Contains("all", StringComparer.Ordinal) ? [.. benchmarks.Keys] : options.Names;
if (chosen.Count == 0 || chosen.Any(name => !benchmarks.ContainsKey(name)))
{
    await Console.Error.WriteLineAsync($"Name one or several of: all, {string.Join(", ", benchmarks.Keys)}. With --quick the numbers are small and the run is short.");
    return 1;
}

await using var templates = new LoginPortal.Testing.DatabaseTemplates();
foreach (var name in chosen)
{
    Console.WriteLine($"## {name}{Environment.NewLine}");
    await benchmarks[name](options);
    Console.WriteLine();
}

return 0;
