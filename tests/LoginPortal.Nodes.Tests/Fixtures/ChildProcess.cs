using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LoginPortal.Nodes.Tests.Fixtures;

/// <summary>A process of the run. It is ended by its own number, and never outlives the tests.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ChildProcess(Process process) => _process = process;

    public bool HasExited => _process.HasExited;

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static ChildProcess Start(string program, IEnumerable<string> arguments, IReadOnlyDictionary<string, string?>? environment = null)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string?>())
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        var child = new ChildProcess(process);
        process.OutputDataReceived += (_, line) => child.Note(line.Data);
        process.ErrorDataReceived += (_, line) => child.Note(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        await using var child = Start(program, arguments);
        await child._process.WaitForExitAsync().WaitAsync(Patience);
        if (child._process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} failed: {child.Output}");
        }
    }

    /// <summary>A port that is free just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Waits until it answers, or says what it printed instead.</summary>
    public async Task AnsweringAsync(Func<Task<bool>> answers)
    {
        if (!await Eventually.IsAsync(async () => HasExited || await answers(), Patience) || HasExited)
        {
            throw new InvalidOperationException($"{_process.StartInfo.FileName} {string.Join(' ', _process.StartInfo.ArgumentList)} does not answer: {Output}");
        }
    }

    /// <summary>Asks it to end, as a service manager does, and waits.</summary>
    /// <param name="signal">TERM, INT or QUIT.</param>
    public async Task StopAsync(string signal = "TERM")
    {
        if (!_process.HasExited)
        {
            await SignalAsync(signal);
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
    }

    /// <summary>Sends it a signal, such as HUP.</summary>
    public Task SignalAsync(string signal) => RunAsync("kill", $"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Ends it as a power cut would (SIGKILL).</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process.Dispose();
    }

    private void Note(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}

/// <summary>Waits for what another process brings about.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Whether it becomes true within the time.</summary>
    public static async Task<bool> IsAsync(Func<Task<bool>> condition, TimeSpan within)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(Pause);
        do
        {
            if (await condition())
            {
                return true;
            }
        }
        while (TimeProvider.System.GetElapsedTime(started) < within && await timer.WaitForNextTickAsync());
        return false;
    }
}
