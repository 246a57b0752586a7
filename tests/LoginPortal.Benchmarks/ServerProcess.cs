using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LoginPortal.Benchmarks;

/// <summary>A server in a process of its own, on the loopback. It is ended by its own number.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private TaskCompletionSource<long>? _live;

    private ServerProcess(Process process, Uri origin)
    {
        _process = process;
        Origin = origin;
    }

    public Uri Origin { get; }

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

    /// <summary>From the start of the process to the first answer.</summary>
    public TimeSpan StartTime { get; private set; }

    /// <summary>What the process keeps in memory, in bytes.</summary>
    public long ResidentBytes
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>What the process has spent on a processor.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Starts a program, and waits until it answers at <paramref name="ready"/>.</summary>
    public static async Task<ServerProcess> StartAsync(string assembly, IReadOnlyDictionary<string, string> environment, string ready, params IEnumerable<string> arguments)
    {
        var origin = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{FreePort()}"));
        var start = new ProcessStartInfo("dotnet", [assembly, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            WorkingDirectory = Path.GetDirectoryName(assembly),
        };
        start.Environment["ASPNETCORE_URLS"] = origin.ToString();
        start.Environment["Portal__PublicOrigin"] = origin.ToString();
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var server = new ServerProcess(new Process { StartInfo = start }, origin);
        server._process.OutputDataReceived += (_, line) => server.Note(line.Data);
        server._process.ErrorDataReceived += (_, line) => server.Note(line.Data);
        var started = TimeProvider.System.GetTimestamp();
        server._process.Start();
        server._process.BeginOutputReadLine();
        server._process.BeginErrorReadLine();
        using var client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false });
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (await timer.WaitForNextTickAsync())
        {
            try
            {
                using var response = await client.GetAsync(new Uri(origin, ready));
                if (response.StatusCode == HttpStatusCode.OK)
                {
                    await response.Content.ReadAsByteArrayAsync();
                    break;
                }
            }
            catch (HttpRequestException)
            {
                // Not there yet.
            }

            if (server._process.HasExited || TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                var output = server.Output;
                await server.DisposeAsync();
                throw new InvalidOperationException($"{assembly} does not answer: {output}");
            }
        }

        server.StartTime = TimeProvider.System.GetElapsedTime(started);
        return server;
    }

    /// <summary>The bytes of its live objects; it has to have been started with the hook that answers.</summary>
    public async Task<long> LiveBytesAsync()
    {
        var answer = new TaskCompletionSource<long>(TaskCreationOptions.RunContinuationsAsynchronously);
        _live = answer;
        await _process.StandardInput.WriteLineAsync();
        await _process.StandardInput.FlushAsync();
        return await answer.Task.WaitAsync(Patience);
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Runs a program to its end.</summary>
    public static async Task RunAsync(string program, params IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} failed: {output}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private void Note(string? line)
    {
        if (line?.StartsWith("LIVE ", StringComparison.Ordinal) == true)
        {
            _live?.TrySetResult(long.Parse(line.AsSpan(5), CultureInfo.InvariantCulture));
            return;
        }

        lock (_output)
        {
            _output.AppendLine(line);
        }
    }
}
