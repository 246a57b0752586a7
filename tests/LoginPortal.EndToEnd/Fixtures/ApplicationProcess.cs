using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace LoginPortal.EndToEnd.Fixtures;

/// <summary>An application that is no part of the portal, in a process of its own.</summary>
public sealed class ApplicationProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly StringBuilder _output = new();
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ApplicationProcess(Process process) => _process = process;

    /// <summary>The top of the repository.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>A port that is free just now.</summary>
    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts a program, and waits until it says that it listens.</summary>
    public static async Task<ApplicationProcess> StartAsync(string program, params string[] arguments)
    {
        var process = new Process
        {
            StartInfo = new ProcessStartInfo(program, arguments)
            {
                UseShellExecute = false,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
                WorkingDirectory = Path.Combine(Root, "tests", "ForeignClients"),
            },
        };
        var application = new ApplicationProcess(process);
        process.OutputDataReceived += (_, line) => application.Note(line.Data);
        process.ErrorDataReceived += (_, line) => application.Note(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        var ended = process.WaitForExitAsync();
        if (await Task.WhenAny(application._ready.Task, ended, Task.Delay(Patience)) != application._ready.Task)
        {
            await application.DisposeAsync();
            throw new InvalidOperationException($"{program} {string.Join(' ', arguments)} did not start: {application._output}");
        }

        return application;
    }

    /// <summary>Starts one of the samples.</summary>
    public static Task<ApplicationProcess> StartSampleAsync(string name, int port, params string[] settings) => StartAsync(
        "dotnet",
        [
            Path.Combine(Root, "samples", name, "bin", "Debug", "net10.0", $"LoginPortal.Samples.{name}.dll"),
            $"--contentRoot={Path.Combine(Root, "samples", name)}",
            $"--urls=http://localhost:{port}",
            "--Logging:LogLevel:Microsoft.Hosting.Lifetime=Information",
            .. settings,
        ]);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LoginPortal.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }

    private void Note(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }

        if (line == "ready" || line?.Contains("Now listening on", StringComparison.Ordinal) == true)
        {
            _ready.TrySetResult();
        }
    }
}
