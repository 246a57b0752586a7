using System.Globalization;
using System.Net;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Nodes.Tests.Fixtures;

/// <summary>A portal or an API as a process of its own.</summary>
internal sealed class Node(string project, IReadOnlyDictionary<string, string?> settings) : IAsyncDisposable
{
    private static readonly HttpMessageInvoker Network = new(Connect());

    private ChildProcess? _process;

    public Uri Origin { get; } = new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{ChildProcess.FreePort()}"));

    public string Output => _process?.Output ?? "";

    public static HttpMessageHandler Connect() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };

    public Browser OpenBrowser() => new(Connect, Origin);

    public ApiClient OpenClient() => new(Origin);

    public async Task StartAsync()
    {
        var environment = new Dictionary<string, string?>(settings, StringComparer.Ordinal)
        {
            // Static files of a build that was not published are found in Development alone.
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["DOTNET_ENVIRONMENT"] = null,
            ["ASPNETCORE_URLS"] = Origin.ToString(),
        };
        var build = new DirectoryInfo(AppContext.BaseDirectory);
        _process = ChildProcess.Start(
            "dotnet",
            [
                Path.Combine(Root, project, "bin", build.Parent!.Name, build.Name, $"{project}.dll"),
                $"--contentRoot={Path.Combine(Root, project)}",
            ],
            environment);
        await _process.AnsweringAsync(async () => await StatusAsync("/health/ready") == HttpStatusCode.OK);
    }

    /// <summary>Ends it as a service manager does; requests under way are answered.</summary>
    public async Task StopAsync()
    {
        await _process!.StopAsync();
        await _process.DisposeAsync();
    }

    public async Task RestartAsync()
    {
        await StopAsync();
        await StartAsync();
    }

    public Task KillAsync() => _process!.KillAsync();

    /// <summary>What an address answers; <see langword="null"/> where nobody listens.</summary>
    public async Task<HttpStatusCode?> StatusAsync(string address)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Origin, address));
            using var response = await Network.SendAsync(request, CancellationToken.None);
            return response.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
        {
            await _process.DisposeAsync();
        }
    }

    private static string Root { get; } = FindRoot();

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LoginPortal.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The tests do not run inside the repository.");
    }
}
