using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Tests.Hosts;

/// <summary>The whole portal in memory, over a test's database. Two of them over one database are two nodes.</summary>
internal sealed class Portal(TestDatabase database, PortalSettings? settings = null) : WebApplicationFactory<PortalHost>
{
    public const string Password = "blue-kettle-walks-at-noon";

    private readonly PortalSettings _settings = settings ?? new PortalSettings();

    public LogCollector Log { get; } = new();

    public TestDatabase Database => database;

    public TestClock? Clock => _settings.Clock;

    /// <summary>Where the portal is reached; http and a port where it listens on the network.</summary>
    public Uri Origin => _settings.OnNetwork
        ? new UriBuilder(Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First()) { Host = "localhost" }.Uri
        : new Uri("https://localhost");

    public void Start()
    {
        if (_settings.OnNetwork)
        {
            UseKestrel(0);
        }

        StartServer();
    }

    /// <summary>A new browser that has never been here.</summary>
    public Browser OpenBrowser(string? origin = null) => new(Connect, origin is null ? Origin : new Uri(origin));

    /// <summary>A connection that follows no redirect and keeps no cookie of its own accord.</summary>
    public HttpMessageHandler Connect() => _settings.OnNetwork ? ConnectOverNetwork() : Server.CreateHandler();

    /// <summary>The same to any server on the network.</summary>
    public static HttpMessageHandler ConnectOverNetwork() =>
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };

    /// <summary>Works in the scope of a tenant, as a request to it does.</summary>
    public async Task<T> InTenantAsync<T>(string slug, Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        var tenant = await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync(slug, CancellationToken.None)
            ?? throw new InvalidOperationException($"There is no tenant {slug}.");
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(tenant);
        return await work(scope.ServiceProvider);
    }

    public Task InTenantAsync(string slug, Func<PortalDbContext, Task> work) => InTenantAsync(slug, async services =>
    {
        await work(services.GetRequiredService<PortalDbContext>());
        return true;
    });

    /// <summary>Stores an account past the rules for new passwords, verified and enabled unless the test says otherwise.</summary>
    public Task<PortalUser> AddUserAsync(string slug, string address, Action<PortalUser>? configure = null) => InTenantAsync(slug, async services =>
    {
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        var user = new PortalUser
        {
            Id = Guid.CreateVersion7(now),
            TenantId = services.GetRequiredService<TenantContext>().Required.Id,
            UserName = address,
            Email = address,
            EmailConfirmed = true,
            GivenName = "Grace",
            SecurityStamp = Secret.Create(),
            PasswordChangedAt = now,
            CreatedAt = now,
        };
        user.PasswordHash = services.GetRequiredService<IPasswordHasher<PortalUser>>().HashPassword(user, Password);
        configure?.Invoke(user);
        var result = await services.GetRequiredService<UserManager<PortalUser>>().CreateAsync(user);
        return result.Succeeded ? user : throw new InvalidOperationException(result.ToString());
    });

    /// <summary>What a circuit does for the browser, up to the ticket that the page then posts.</summary>
    public async Task<string> EarnTicketAsync(Browser browser, string slug = "acme", string? returnUrl = null)
    {
        var binding = Secret.Hash(browser.Cookies.Single($"__Host-portal.browser.{slug}"));
        var facts = new RequestFacts("192.0.2.1", "Test");
        var runner = Services.GetRequiredService<SignInRunner>();
        var tenant = await InTenantAsync(slug, services => Task.FromResult(services.GetRequiredService<TenantContext>().Required));
        var begun = await runner.BeginAsync(tenant.Id, binding, returnUrl, new StepInput.Identify($"user@{slug}.example"), facts, CancellationToken.None);
        var reference = new FlowReference(((SignInOutcome.Continue)begun).Flow.FlowId, binding);
        var done = await runner.AdvanceAsync(tenant.Id, reference, new StepInput.Password(Password, Remember: false), facts, CancellationToken.None);
        return ((SignInOutcome.Completed)done).HandoffTicket;
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(_settings.Environment);
        builder.UseStaticWebAssets();
        builder.UseSetting("Database:Provider", database.Provider.ToString());
        builder.UseSetting("ConnectionStrings:Portal", database.ConnectionString);
        builder.UseSetting("Portal:PublicOrigin", _settings.PublicOrigin);
        builder.UseSetting("Mail:PickupFolder", Path.Combine(Path.GetTempPath(), "loginportal-test-mail"));
        foreach (var (key, value) in _settings.Configuration)
        {
            builder.UseSetting(key, value);
        }

        builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(Log));
        builder.ConfigureTestServices(services =>
        {
            services.PostConfigure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
            if (_settings.Clock is { } clock)
            {
                services.AddSingleton<TimeProvider>(clock);
            }

            _settings.Services(services);
        });
    }
}

/// <summary>How a test's portal differs from the one that a developer starts.</summary>
internal sealed record PortalSettings
{
    public string Environment { get; init; } = Environments.Development;

    public string PublicOrigin { get; init; } = "https://localhost";

    /// <summary>Whether the portal listens on a port of its own, with all that a real server adds and refuses.</summary>
    public bool OnNetwork { get; init; }

    /// <summary>A clock that the test moves; the system's if there is none.</summary>
    public TestClock? Clock { get; init; }

    public IReadOnlyDictionary<string, string?> Configuration { get; init; } = new Dictionary<string, string?>();

    public Action<IServiceCollection> Services { get; init; } = _ => { };
}
