using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace LoginPortal.Benchmarks;

/// <summary>The product as it is published, over a database with people in it.</summary>
internal sealed class Installation : IAsyncDisposable
{
    public const string Slug = "bench";

    private static readonly string Root = FindRoot();
    private static readonly HashSet<string> Present = new(StringComparer.Ordinal);
    private readonly TestDatabase _database;

    private Installation(TestDatabase database, CoreHost core, TenantProfile tenant)
    {
        _database = database;
        Core = core;
        Tenant = tenant;
    }

    public CoreHost Core { get; }

    public TenantProfile Tenant { get; }

    public DatabaseProvider Provider => _database.Provider;

    public string ConnectionString => _database.ConnectionString;

    /// <summary>Where the published hosts are; they are published once a run.</summary>
    public static string Published { get; } = Path.Combine(Path.GetTempPath(), "loginportal-benchmarks");

    public static string Address(int person) => Measurement.Text($"person-{person}@bench.example");

    public static async Task<Installation> CreateAsync(DatabaseProvider provider, int people)
    {
        await PublishAsync();
        var database = await TestDatabase.CreateAsync(provider);
        var core = SignInShare.CreateHost(database);
        var tenant = await core.CreateTenantAsync(Slug, new TenantPolicy());
        var hash = new PasswordHasher<PortalUser>(Options.Create(new PasswordHasherOptions { IterationCount = PasswordHashingOptions.MinimumIterations }))
            .HashPassword(new PortalUser(), SignInShare.Password);
        for (var person = 0; person < people; person++)
        {
            await core.CreateUserAsync(tenant, Address(person), password: null, user => user.PasswordHash = hash);
        }

        return new Installation(database, core, tenant);
    }

    public Task<ServerProcess> StartPortalAsync(params IEnumerable<(string Name, string Value)> settings) =>
        StartAsync("LoginPortal", $"/t/{Slug}/sign-in", settings);

    public Task<ServerProcess> StartApiAsync(params IEnumerable<(string Name, string Value)> settings) =>
        StartAsync("LoginPortal.Api", "/health/ready", [("Api__RequestsPerMinutePerAddress", "10000000"), .. settings]);

    public async ValueTask DisposeAsync()
    {
        await Core.DisposeAsync();
        await _database.DisposeAsync();
    }

    private Task<ServerProcess> StartAsync(string project, string ready, IEnumerable<(string Name, string Value)> settings)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["Database__Provider"] = Provider.ToString(),
            ["ConnectionStrings__Portal"] = ConnectionString,
            ["Mail__PickupFolder"] = Path.Combine(Path.GetTempPath(), "loginportal-test-mail"),
            ["Logging__LogLevel__Default"] = "Warning",
        };
        foreach (var (name, value) in settings)
        {
            environment[name] = value;
        }

        return ServerProcess.StartAsync(Path.Combine(Published, project, $"{project}.dll"), environment, ready);
    }

    private static async Task PublishAsync()
    {
        foreach (var project in (string[])["LoginPortal", "LoginPortal.Api"])
        {
            var output = Path.Combine(Published, project);
            if (Present.Add(project) && Environment.GetEnvironmentVariable("LOGINPORTAL_BENCHMARK_PUBLISHED") is null)
            {
                await ServerProcess.RunAsync(
                    "dotnet", "publish", Path.Combine(Root, project), "--configuration", "Release", "--output", output, "--nologo", "--verbosity", "quiet", "--disable-build-servers");
            }
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "LoginPortal.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("The benchmarks do not run inside the repository.");
    }
}
