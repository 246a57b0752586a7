using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Testing;

/// <summary>
/// Core by itself over a test's database, as each host has it. Two of them over one database are two nodes. Hosted services do
/// not run unless a test starts <see cref="Host"/>.
/// </summary>
public sealed class CoreHost : IAsyncDisposable
{
    public static readonly Uri PublicOrigin = new("https://login.example.com");

    /// <param name="database">The database; it is not disposed with the host.</param>
    /// <param name="clock">A clock to share with other hosts; its own if there is none.</param>
    /// <param name="configure">What a test replaces or adds.</param>
    /// <param name="cheapHashing">
    /// Hash with few iterations, so that a run is not spent hashing. Only the hasher is told: the product's own option keeps its
    /// minimum.
    /// </param>
    public CoreHost(
        TestDatabase database, TestClock? clock = null, Action<IHostApplicationBuilder>? configure = null, bool cheapHashing = true)
    {
        ArgumentNullException.ThrowIfNull(database);
        Clock = clock ?? new TestClock();
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            EnvironmentName = Environments.Production,
        });
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Portal:PublicOrigin"] = PublicOrigin.ToString(),
            ["Database:Provider"] = database.Provider.ToString(),
            ["ConnectionStrings:Portal"] = database.ConnectionString,
            ["Mail:PickupFolder"] = Path.Combine(Path.GetTempPath(), "loginportal-test-mail"),
        });
        builder.Logging.SetMinimumLevel(LogLevel.None);
        builder.Services.AddSingleton<TimeProvider>(Clock);
        builder.AddLoginPortalCore();
        if (cheapHashing)
        {
            builder.Services.PostConfigure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
        }

        configure?.Invoke(builder);
        Host = builder.Build();
    }

    public IHost Host { get; }

    public TestClock Clock { get; }

    public IServiceProvider Services => Host.Services;

    /// <summary>A scope without a tenant.</summary>
    public AsyncServiceScope CreateScope() => Services.CreateAsyncScope();

    /// <summary>A scope in the tenant, as a request or a circuit opens one.</summary>
    public TenantScope OpenTenant(TenantProfile tenant) => new(Services.CreateAsyncScope(), tenant);

    public async Task<TenantProfile> CreateTenantAsync(string slug, TenantPolicy? policy = null, Action<Tenant>? configure = null)
    {
        // A host makes its first key when it starts; made inside a transaction it would wait for that transaction's own lock.
        Services.GetRequiredService<Microsoft.AspNetCore.DataProtection.IDataProtectionProvider>().CreateProtector("first").Protect([]);

        await using var scope = CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var tenant = new Tenant
        {
            Id = Guid.CreateVersion7(Clock.GetUtcNow()),
            Slug = slug,
            DisplayName = $"Tenant {slug}",
            Policy = policy ?? new TenantPolicy(),
            CreatedAt = Clock.GetUtcNow(),
        };
        configure?.Invoke(tenant);
        database.Tenants.Add(tenant);
        await database.SaveChangesAsync();
        return await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindByIdAsync(tenant.Id, CancellationToken.None)
            ?? new TenantProfile(tenant.Id, slug, tenant.DisplayName, tenant.Policy, Guid.Empty, Branding.Default, PrimaryHost: null);
    }

    /// <summary>Stores an account past the rules for new passwords, verified and enabled unless the test says otherwise.</summary>
    public async Task<PortalUser> CreateUserAsync(
        TenantProfile tenant, string address, string? password, Action<PortalUser>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        await using var scope = OpenTenant(tenant);
        var now = Clock.GetUtcNow();
        var user = new PortalUser
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenant.Id,
            UserName = address,
            Email = address,
            EmailConfirmed = true,
            SecurityStamp = Secret.Create(),
            PasswordChangedAt = now,
            CreatedAt = now,
        };
        if (password is not null)
        {
            var text = PasswordText.TryNormalize(password, out var normalized)
                ? normalized
                : throw new ArgumentException("This can be no password.", nameof(password));
            user.PasswordHash = Services.GetRequiredService<IPasswordHasher<PortalUser>>().HashPassword(user, text);
        }

        configure?.Invoke(user);
        var result = await scope.Services.GetRequiredService<UserManager<PortalUser>>().CreateAsync(user);
        return result.Succeeded ? user : throw new InvalidOperationException(result.ToString());
    }

    public async ValueTask DisposeAsync()
    {
        if (Host is IAsyncDisposable host)
        {
            await host.DisposeAsync();
        }
        else
        {
            Host.Dispose();
        }
    }
}

/// <summary>A scope whose tenant has been set.</summary>
public sealed class TenantScope : IAsyncDisposable
{
    private readonly AsyncServiceScope _scope;

    internal TenantScope(AsyncServiceScope scope, TenantProfile tenant)
    {
        _scope = scope;
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(tenant);
    }

    public IServiceProvider Services => _scope.ServiceProvider;

    public PortalDbContext Database => Services.GetRequiredService<PortalDbContext>();

    public ValueTask DisposeAsync() => _scope.DisposeAsync();
}
