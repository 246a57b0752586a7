using System.Globalization;
using Npgsql;

namespace LoginPortal.Nodes.Tests.Fixtures;

/// <summary>A PostgreSQL server of the run's own, on the loopback, that can be stopped and started.</summary>
internal sealed class PostgreSqlServer(string folder) : IAsyncDisposable
{
    private readonly string _password = Guid.NewGuid().ToString("N");
    private readonly int _port = ChildProcess.FreePort();
    private ChildProcess? _server;

    public string ConnectionString => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _port,
        Username = "postgres",
        Password = _password,
        Database = "postgres",
        MaxPoolSize = 20,
    }.ToString();

    private static string Programs { get; } =
        ((string[])["/usr/lib/postgresql/15/bin", .. Environment.GetEnvironmentVariable("PATH")!.Split(':')]).FirstOrDefault(path => File.Exists(Path.Combine(path, "initdb")))
        ?? throw new InvalidOperationException("PostgreSQL is not installed. Run the tests with tests/run.sh, which installs it.");

    public async Task CreateAsync()
    {
        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), _password);
        if (Environment.IsPrivilegedProcess)
        {
            await ChildProcess.RunAsync("chown", "-R", "postgres", folder);
        }

        var (program, arguments) = AsDatabaseUser(
            "initdb", $"--pgdata={folder}/data", "--username=postgres", $"--pwfile={folder}/password", "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync");
        await ChildProcess.RunAsync(program, arguments);
        await StartAsync();
    }

    public async Task StartAsync()
    {
        var (program, arguments) = AsDatabaseUser(
            "postgres",
            "-D", $"{folder}/data",
            "-p", _port.ToString(CultureInfo.InvariantCulture),
            "-c", "listen_addresses=127.0.0.1",
            "-c", $"unix_socket_directories={folder}",
            "-c", "max_connections=200",
            "-c", "fsync=off");
        _server = ChildProcess.Start(program, arguments);
        await _server.AnsweringAsync(AnswersAsync);
    }

    /// <summary>Ends it with every connection to it, as a restart of the service does.</summary>
    public async Task StopAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            await server.StopAsync("INT");
            await server.DisposeAsync();
            NpgsqlConnection.ClearAllPools();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<bool> AnswersAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(ConnectionString) { Pooling = false }.ToString());
            await connection.OpenAsync();
            return true;
        }
        catch (NpgsqlException)
        {
            return false;
        }
    }

    /// <summary>PostgreSQL refuses to run as root; setpriv becomes the program itself, so that a signal reaches it.</summary>
    private static (string Program, IReadOnlyList<string> Arguments) AsDatabaseUser(string name, params IReadOnlyList<string> arguments) =>
        Environment.IsPrivilegedProcess
            ? ("setpriv", ["--reuid=postgres", "--regid=postgres", "--clear-groups", Path.Combine(Programs, name), .. arguments])
            : (Path.Combine(Programs, name), arguments);
}
