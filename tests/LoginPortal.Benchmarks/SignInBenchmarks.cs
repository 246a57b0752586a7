using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Toolchains.InProcess.NoEmit;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Benchmarks;

/// <summary>
/// What a password sign-in costs beside its hash: address, password, session, ticket redeemed, first page authenticated. Read the
/// Ratio column; the machine's own speed cancels out.
/// </summary>
[Config(typeof(InThisProcess))]
public class SignInBenchmarks
{
    private const string Address = "user@bench.example";
    private const string Password = "blue-kettle-walks-at-noon";
    private static readonly RequestFacts Facts = new("127.0.0.1", "Benchmark");

    private readonly string _bindingHash = Secret.Hash(Secret.Create());
    private readonly PortalUser _nobody = new();
    private TestDatabase _database = null!;
    private CoreHost _host = null!;
    private CoreHost _cheap = null!;
    private TenantProfile _tenant = null!;
    private TenantProfile _cheapTenant = null!;
    private string _hash = "";

    /// <summary>Which engine holds the data; PostgreSQL needs LOGINPORTAL_TEST_POSTGRESQL.</summary>
    [ParamsSource(nameof(Providers))]
    public DatabaseProvider Provider { get; set; }

    public static IEnumerable<DatabaseProvider> Providers =>
        Environment.GetEnvironmentVariable("LOGINPORTAL_TEST_POSTGRESQL") is { Length: > 0 }
            ? [DatabaseProvider.Sqlite, DatabaseProvider.PostgreSql]
            : [DatabaseProvider.Sqlite];

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _database = await TestDatabase.CreateAsync(Provider);
        _host = new CoreHost(_database, cheapHashing: false);
        _tenant = await _host.CreateTenantAsync("bench");
        var user = await _host.CreateUserAsync(_tenant, Address, Password);
        _hash = user.PasswordHash!;
        _cheap = new CoreHost(_database);
        _cheapTenant = await _cheap.CreateTenantAsync("cheap");
        await _cheap.CreateUserAsync(_cheapTenant, Address, Password);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync()
    {
        await _cheap.DisposeAsync();
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Benchmark(Baseline = true)]
    public PasswordVerificationResult HashAlone() =>
        _host.Services.GetRequiredService<IPasswordHasher<PortalUser>>().VerifyHashedPassword(_nobody, _hash, Password);

    [Benchmark]
    public Task<ActiveSession?> WholeSignInAsync() => SignInAsync(_host, _tenant);

    /// <summary>The same with hashes that cost next to nothing.</summary>
    [Benchmark]
    public Task<ActiveSession?> WithoutTheHashAsync() => SignInAsync(_cheap, _cheapTenant);

    private async Task<ActiveSession?> SignInAsync(CoreHost host, TenantProfile tenant)
    {
        var runner = host.Services.GetRequiredService<SignInRunner>();
        var begun = await runner.BeginAsync(
            tenant.Id, _bindingHash, returnUrl: null, new StepInput.Identify(Address), Facts, CancellationToken.None);
        var flow = new FlowReference(((SignInOutcome.Continue)begun).Flow.FlowId, _bindingHash);
        var proved = await runner.AdvanceAsync(
            tenant.Id, flow, new StepInput.Password(Password, Remember: false), Facts, CancellationToken.None);

        await using var scope = host.OpenTenant(tenant);
        var sessions = scope.Services.GetRequiredService<SessionService>();
        var redeemed = await sessions.RedeemAsync(
            ((SignInOutcome.Completed)proved).HandoffTicket, _bindingHash, presentSessionIds: [], Facts, CancellationToken.None);
        return await sessions.FindAsync(redeemed!.Token, CancellationToken.None);
    }

    private sealed class InThisProcess : ManualConfig
    {
        public InThisProcess() => AddJob(Job.Default
            .WithToolchain(InProcessNoEmitToolchain.Instance)
            .WithWarmupCount(5)
            .WithIterationCount(30)
            .WithInvocationCount(4)
            .WithUnrollFactor(1));
    }
}
