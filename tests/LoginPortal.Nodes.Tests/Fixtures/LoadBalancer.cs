using System.Globalization;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Nodes.Tests.Fixtures;

/// <summary>
/// nginx before the nodes: requests in turn, a connection for each, no sticky sessions, WebSockets let through. A node that refuses a connection is passed over for that
/// one request; to hold it for gone would leave nobody where one node has just come back and the next one goes.
/// </summary>
internal sealed class LoadBalancer(string folder) : IAsyncDisposable
{
    /// <summary>Where nginx says which node answered.</summary>
    public const string NodeHeader = "X-Node";

    /// <summary>Where nginx says itself which version of its configuration it answers by.</summary>
    private const string VersionPath = "/version";

    private static readonly HttpClient Network = new(Node.Connect());

    private readonly string _configuration = Path.Combine(folder, "nginx.conf");

    private ChildProcess? _nginx;
    private IReadOnlyList<Node> _portals = [];
    private IReadOnlyList<Node> _apis = [];
    private int _version;

    /// <summary>The portals in turn.</summary>
    public Uri Portal { get; } = Origin();

    /// <summary>The first portal as long as it is there, then the second.</summary>
    public Uri FirstPortal { get; } = Origin();

    /// <summary>The APIs in turn.</summary>
    public Uri Api { get; } = Origin();

    public Browser OpenBrowser() => new(Node.Connect, Portal);

    public async Task StartAsync(IReadOnlyList<Node> portals, IReadOnlyList<Node> apis)
    {
        (_portals, _apis) = (portals, apis);
        Directory.CreateDirectory(folder);
        await ConfigureAsync(without: null);
        _nginx = ChildProcess.Start(File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx", ["-p", folder, "-c", _configuration, "-e", "stderr"]);
        await _nginx.AnsweringAsync(AnswersAsync);
    }

    /// <summary>
    /// Sends nobody to a node any longer. nginx does not ask whether nodes are ready, and a form that reaches one as it closes its port is lost:
    /// another node may not be asked, because nobody knows whether the first had begun.
    /// </summary>
    public Task TakeOutAsync(Node node) => ReconfigureAsync(node);

    /// <summary>Sends people to every node.</summary>
    public Task PutBackAsync() => ReconfigureAsync(without: null);

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.StopAsync();
            await _nginx.DisposeAsync();
        }
    }

    private static Uri Origin() => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{ChildProcess.FreePort()}"));

    private async Task ReconfigureAsync(Node? without)
    {
        await ConfigureAsync(without);
        await _nginx!.SignalAsync("HUP");
        await _nginx.AnsweringAsync(AnswersAsync);
    }

    private Task ConfigureAsync(Node? without)
    {
        _version++;
        return File.WriteAllTextAsync(_configuration, Configure(without));
    }

    /// <summary>Whether it answers as it was configured last.</summary>
    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var answer = await Network.GetAsync(new Uri(Portal, VersionPath));
            return await answer.Content.ReadAsStringAsync() == Text(_version);
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private string Configure(Node? without) => $$"""
        daemon off;
        {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
        worker_processes 1;
        pid {{folder}}/nginx.pid;
        error_log stderr crit;
        events { worker_connections 2048; }
        http {
          access_log off;
          client_body_temp_path {{folder}}/body;
          proxy_temp_path {{folder}}/proxy;
          fastcgi_temp_path {{folder}}/fastcgi;
          uwsgi_temp_path {{folder}}/uwsgi;
          scgi_temp_path {{folder}}/scgi;
          map $http_upgrade $connection_upgrade { default upgrade; '' ''; }
          proxy_http_version 1.1;
          proxy_set_header Host $http_host;
          proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
          proxy_set_header X-Forwarded-Proto $scheme;
          proxy_set_header Upgrade $http_upgrade;
          proxy_set_header Connection $connection_upgrade;
          proxy_read_timeout 1h;
          proxy_connect_timeout 2s;
          keepalive_timeout 0;
          add_header {{NodeHeader}} $upstream_addr always;
          upstream portals { {{Servers(_portals, "", without)}} }
          upstream first_portal { {{Servers(_portals, " backup", without)}} }
          upstream apis { {{Servers(_apis, "", without)}} }
          server { listen 127.0.0.1:{{Portal.Port}}; listen [::1]:{{Portal.Port}}; location = {{VersionPath}} { return 200 "{{_version}}"; } location / { proxy_pass http://portals; } }
          server { listen 127.0.0.1:{{FirstPortal.Port}}; listen [::1]:{{FirstPortal.Port}}; location / { proxy_pass http://first_portal; } }
          server { listen 127.0.0.1:{{Api.Port}}; listen [::1]:{{Api.Port}}; location / { proxy_pass http://apis; } }
        }
        """;

    private static string Servers(IEnumerable<Node> nodes, string others, Node? without) => string.Concat(nodes.Select((node, index) => string.Create(
        CultureInfo.InvariantCulture, $"server 127.0.0.1:{node.Origin.Port} max_fails=0{(index == 0 ? "" : others)}{(node == without ? " down" : "")}; ")));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
