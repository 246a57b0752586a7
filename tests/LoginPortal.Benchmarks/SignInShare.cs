using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LoginPortal.Benchmarks;

/// <summary>
/// What a password sign-in costs beside its hash: address, password, session, ticket redeemed, first page authenticated, with a hash that costs
/// next to nothing, against verifying the product's hash.
/// </summary>
internal static class SignInShare
{
    public const string Address = "user@bench.example";
    public const string Password = "blue-kettle-walks-at-noon";
    private static readonly RequestFacts Facts = new("127.0.0.1", "Benchmark");
    private static readonly string BindingHash = Secret.Hash(Secret.Create());

    public static async Task RunAsync(BenchmarkOptions options)
    {
        Console.WriteLine("| engine | hash | sign-in without it | share | share of processor time | of it: address | password | ticket | first page |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        foreach (var provider in BenchmarkOptions.Providers)
        {
            await using var database = await TestDatabase.CreateAsync(provider);
            await using var host = CreateHost(database);
            await StartListeningAsync(host);
            var tenant = await host.CreateTenantAsync("bench");
            await host.CreateUserAsync(tenant, Address, Password);
            var hasher = new PasswordHasher<PortalUser>(Microsoft.Extensions.Options.Options.Create(
                new PasswordHasherOptions { IterationCount = Core.Passwords.PasswordHashingOptions.MinimumIterations }));
            var (nobody, hash) = (new PortalUser(), hasher.HashPassword(new PortalUser(), Password));

            var stages = new List<double>[4].Select(_ => new List<double>()).ToArray();
            Task HashAsync()
            {
                hasher.VerifyHashedPassword(nobody, hash, Password);
                return Task.CompletedTask;
            }

            var samples = await Measurement.CompareAsync(options.Rounds(60), 4, HashAsync, () => SignInAsync(host, tenant, Address, stages));
            var repeats = options.Rounds(100);
            var processor = await Measurement.ProcessorTimeAsync(repeats, () => SignInAsync(host, tenant, Address))
                / await Measurement.ProcessorTimeAsync(repeats, HashAsync);
            var counted = stages.Select(stage => new Sample(stage.Skip(stage.Count / 5)).Milliseconds());
            Console.WriteLine($"| {provider} | {samples[0].Milliseconds()} | {samples[1].Milliseconds()} | {samples[1].Over(samples[0]).Ratio()} | {Measurement.Text($"{processor:0.000}")} | {string.Join(" | ", counted)} |");
        }
    }

    /// <summary>A host whose hashes cost next to nothing.</summary>
    public static CoreHost CreateHost(TestDatabase database) => new(
        database,
        new TestClock(TimeProvider.System.GetUtcNow()),
        builder => builder.Services
            .AddSingleton(TimeProvider.System)
            .PostConfigure<PasswordHasherOptions>(hasher => hasher.IterationCount = 1));

    /// <summary>Has the host hear of changes, as a running node does.</summary>
    public static async Task StartListeningAsync(CoreHost host) =>
        await host.Services.GetServices<IHostedService>().OfType<TenantChangeListener>().Single().StartAsync(CancellationToken.None);

    /// <summary>Signs in, noting how long each part took.</summary>
    public static async Task SignInAsync(CoreHost host, TenantProfile tenant, string address, params IReadOnlyList<List<double>> stages)
    {
        var started = TimeProvider.System.GetTimestamp();
        var runner = host.Services.GetRequiredService<SignInRunner>();
        var begun = await runner.BeginAsync(tenant.Id, BindingHash, returnUrl: null, new StepInput.Identify(address), Facts, CancellationToken.None);
        Note(0);
        var flow = new FlowReference(((SignInOutcome.Continue)begun).Flow.FlowId, BindingHash);
        var proved = await runner.AdvanceAsync(tenant.Id, flow, new StepInput.Password(Password, Remember: false), Facts, CancellationToken.None);
        Note(1);
        await using var scope = host.OpenTenant(tenant);
        var sessions = scope.Services.GetRequiredService<SessionService>();
        var redeemed = await sessions.RedeemAsync(((SignInOutcome.Completed)proved).HandoffTicket, BindingHash, presentSessionIds: [], Facts, CancellationToken.None);
        Note(2);
        if (await sessions.FindAsync(redeemed!.Token, CancellationToken.None) is null)
        {
            throw new InvalidOperationException("The sign-in led nowhere.");
        }

        Note(3);

        void Note(int stage)
        {
            if (stages.Count > 0)
            {
                stages[stage].Add(TimeProvider.System.GetElapsedTime(started).TotalMilliseconds);
                started = TimeProvider.System.GetTimestamp();
            }
        }
    }
}
