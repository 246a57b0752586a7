using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

[assembly: AssemblyFixture(typeof(LoginPortal.Nodes.Tests.Fixtures.Cluster))]

// What one test does to a node or to the database, every other would feel.
[assembly: CollectionBehavior(CollectionBehavior.CollectionPerAssembly)]

namespace LoginPortal.Nodes.Tests.Fixtures;

/// <summary>Two portals and two APIs on one PostgreSQL, behind nginx. They are started once for all tests.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("loginportal-nodes-").FullName;
    private readonly List<IAsyncDisposable> _started = [];
    private int _people;
    private string? _passwordHash;

    internal PostgreSqlServer Database { get; private set; } = null!;

    internal SmtpServerDouble Mail { get; } = new() { OffersTls = false };

    internal IReadOnlyList<Node> Portals { get; private set; } = [];

    internal IReadOnlyList<Node> Apis { get; private set; } = [];

    internal LoadBalancer LoadBalancer { get; private set; } = null!;

    /// <summary>The same data, seen from the test itself.</summary>
    internal CoreHost Core { get; private set; } = null!;

    internal TenantProfile Acme { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        if (Environment.IsPrivilegedProcess && !OperatingSystem.IsWindows())
        {
            // The database's user passes through to its own folder.
            File.SetUnixFileMode(_folder, File.GetUnixFileMode(_folder) | UnixFileMode.OtherExecute | UnixFileMode.GroupExecute);
        }

        _started.Add(Mail);
        Database = Started(new PostgreSqlServer(Path.Combine(_folder, "postgresql")));
        await Database.CreateAsync();
        await PrepareAsync();

        LoadBalancer = Started(new LoadBalancer(Path.Combine(_folder, "nginx")));
        Portals = [Started(CreateNode("LoginPortal")), Started(CreateNode("LoginPortal"))];
        Apis = [Started(CreateNode("LoginPortal.Api")), Started(CreateNode("LoginPortal.Api"))];
        await Task.WhenAll([LoadBalancer.StartAsync(Portals, Apis), .. Portals.Concat(Apis).Select(node => node.StartAsync())]);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
        {
            await started.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Somebody with an account at Acme that no other test uses.</summary>
    internal async Task<string> AddPersonAsync(Action<PortalUser>? configure = null)
    {
        _passwordHash ??= Core.Services.GetRequiredService<IPasswordHasher<PortalUser>>().HashPassword(new PortalUser(), DemoData.Password);
        var address = $"person-{Interlocked.Increment(ref _people)}@acme.example";
        await Core.CreateUserAsync(Acme, address, password: null, user =>
        {
            user.PasswordHash = _passwordHash;
            configure?.Invoke(user);
        });
        return address;
    }

    /// <summary>The mail that a node writes to an address, which follows the answer by a moment.</summary>
    internal async Task<ReceivedMail> MailToAsync(string address)
    {
        IReadOnlyList<ReceivedMail> mails = [];
        await Eventually.IsAsync(async () => (mails = await Core.Services.ReadMailsAsync(address)).Count > 0, TimeSpan.FromSeconds(10));
        return mails[^1];
    }

    private async Task PrepareAsync()
    {
        Core = Started(new CoreHost(
            TestDatabase.At(DatabaseProvider.PostgreSql, Database.ConnectionString),
            new TestClock(TimeProvider.System.GetUtcNow()),
            builder => builder.Services.AddSingleton(TimeProvider.System),
            cheapHashing: false));
        await using var scope = Core.CreateScope();
        await scope.ServiceProvider.GetRequiredService<DatabaseStartup>().MigrateAsync(CancellationToken.None);
        await scope.ServiceProvider.GetRequiredService<DemoData>().SeedAsync(CancellationToken.None);
        Acme = await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync("acme", CancellationToken.None)
            ?? throw new InvalidOperationException("The demo data lacks Acme.");
    }

    private Node CreateNode(string project) => new(project, new Dictionary<string, string?>
    {
        ["Portal__PublicOrigin"] = LoadBalancer.Portal.ToString(),
        ["Portal__TrustedProxies__0"] = "127.0.0.1",
        ["Portal__TrustedProxies__1"] = "::1",
        ["Portal__DrainDelay"] = "00:00:01",
        ["Portal__SessionCheckInterval"] = "00:00:01",
        ["Database__Provider"] = nameof(DatabaseProvider.PostgreSql),
        ["ConnectionStrings__Portal"] = Database.ConnectionString,
        ["Mail__PickupFolder"] = "",
        ["Mail__Host"] = "127.0.0.1",
        ["Mail__Port"] = Mail.Port.ToString(System.Globalization.CultureInfo.InvariantCulture),
        ["Mail__RequireTls"] = "false",
        ["Api__RequestsPerMinutePerAddress"] = "100000",
    });

    private T Started<T>(T resource)
        where T : IAsyncDisposable
    {
        _started.Add(resource);
        return resource;
    }
}
