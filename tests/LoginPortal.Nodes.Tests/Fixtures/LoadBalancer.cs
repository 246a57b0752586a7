using System.Globalization;
using System.Net.Sockets;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Nodes.Tests.Fixtures;

/// <summary>
/// nginx before the nodes: requests in turn, no sticky sessions, WebSockets let through. A node that refuses a connection is passed over for that
/// one request; to hold it for gone would leave nobody where one node has just come back and the next one goes.
/// </summary>
internal sealed class LoadBalancer(string folder) : IAsyncDisposable
{
    /// <summary>Where nginx says which node answered.</summary>
    public const string NodeHeader = "X-Node";

    private ChildProcess? _nginx;

    /// <summary>The portals in turn.</summary>
    public Uri Portal { get; } = Origin();

    /// <summary>The first portal as long as it is there, then the second.</summary>
    public Uri FirstPortal { get; } = Origin();

    /// <summary>The APIs in turn.</summary>
    public Uri Api { get; } = Origin();

    public Browser OpenBrowser() => new(Node.Connect, Portal);

    public async Task StartAsync(IEnumerable<Node> portals, IEnumerable<Node> apis)
    {
        Directory.CreateDirectory(folder);
        var configuration = Path.Combine(folder, "nginx.conf");
        await File.WriteAllTextAsync(configuration, Configure(portals, apis));
        _nginx = ChildProcess.Start(File.Exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx", ["-p", folder, "-c", configuration, "-e", "stderr"]);
        await _nginx.AnsweringAsync(AnswersAsync);
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.StopAsync();
            await _nginx.DisposeAsync();
        }
    }

    private static Uri Origin() => new(string.Create(CultureInfo.InvariantCulture, $"http://localhost:{ChildProcess.FreePort()}"));

    private async Task<bool> AnswersAsync()
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", Portal.Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Configure(IEnumerable<Node> portals, IEnumerable<Node> apis) => $$"""
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
          add_header {{NodeHeader}} $upstream_addr always;
          upstream portals { {{Servers(portals, "")}} }
          upstream first_portal { {{Servers(portals, " backup")}} }
          upstream apis { {{Servers(apis, "")}} }
          server { listen 127.0.0.1:{{Portal.Port}}; listen [::1]:{{Portal.Port}}; location / { proxy_pass http://portals; } }
          server { listen 127.0.0.1:{{FirstPortal.Port}}; listen [::1]:{{FirstPortal.Port}}; location / { proxy_pass http://first_portal; } }
          server { listen 127.0.0.1:{{Api.Port}}; listen [::1]:{{Api.Port}}; location / { proxy_pass http://apis; } }
        }
        """;

    private static string Servers(IEnumerable<Node> nodes, string others) => string.Concat(nodes.Select((node, index) => string.Create(
        CultureInfo.InvariantCulture, $"server 127.0.0.1:{node.Origin.Port} max_fails=0{(index == 0 ? "" : others)}; ")));
}
