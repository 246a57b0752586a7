using System.Diagnostics;

namespace LoginPortal.Tests.Hosts;

/// <summary>The portal as a process of its own, as whoever operates it starts it.</summary>
internal sealed class PortalProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;

    private PortalProcess(Process process) => _process = process;

    /// <summary>Starts it with these variables; one without a value is taken away.</summary>
    public static PortalProcess Start(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath is { } path && Path.GetFileNameWithoutExtension(path) == "dotnet" ? path : "dotnet")
        {
            WorkingDirectory = AppContext.BaseDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "LoginPortal.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        return new PortalProcess(Process.Start(start)!);
    }

    /// <summary>Waits until it ends by itself.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> RunToEndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        var (output, errors) = (_process.StandardOutput.ReadToEndAsync(limit.Token), _process.StandardError.ReadToEndAsync(limit.Token));
        await _process.WaitForExitAsync(limit.Token);
        return (_process.ExitCode, await output, await errors);
    }

    /// <summary>Reads what it prints, up to the line that holds <paramref name="part"/>.</summary>
    public async Task<IReadOnlyList<string>> ReadUpToAsync(string part)
    {
        using var limit = new CancellationTokenSource(Patience);
        var lines = new List<string>();
        while (lines.LastOrDefault()?.Contains(part, StringComparison.Ordinal) != true)
        {
            lines.Add(await _process.StandardOutput.ReadLineAsync(limit.Token)
                ?? throw new InvalidOperationException(string.Join('\n', [.. lines, await _process.StandardError.ReadToEndAsync(limit.Token)])));
        }

        return lines;
    }

    /// <summary>Ends it as a power cut would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }
}
