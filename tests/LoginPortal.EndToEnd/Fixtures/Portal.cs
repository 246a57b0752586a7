using System.Net;
using System.Net.Sockets;
using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.EndToEnd.Fixtures;

/// <summary>
/// A portal of its own for each test class: a real server on a free port, with a fresh database that holds the demo tenants.
/// </summary>
public class Portal : IAsyncLifetime
{
    private PortalFactory? _factory;
    private TestDatabase? _database;
    private int _port;

    public ShiftedClock Clock { get; } = new();

    public ServerErrors Errors { get; } = new();

    public IServiceProvider Services => Factory.Services;

    /// <summary>What the class configures differently.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    private PortalFactory Factory => _factory ?? throw new InvalidOperationException("The portal has not been started.");

    /// <summary>An address of the portal, at its own host or at <paramref name="host"/>.</summary>
    public string Address(string path, string host = "localhost") => $"http://{host}:{_port}{path}";

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        Start();
    }

    /// <summary>Stops the portal and starts it again, on the same port and database.</summary>
    public async Task RestartAsync()
    {
        await Factory.DisposeAsync();
        Start();
    }

    public async ValueTask DisposeAsync()
    {
        if (_factory is not null)
        {
            await _factory.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Does something in a scope of the tenant.</summary>
    public async Task<T> InTenantAsync<T>(string slug, Func<IServiceProvider, TenantProfile, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        var tenant = await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync(slug, CancellationToken.None)
            ?? throw new InvalidOperationException($"There is no active tenant {slug}.");
        scope.ServiceProvider.GetRequiredService<TenantContext>().Set(tenant);
        return await work(scope.ServiceProvider, tenant);
    }

    /// <summary>Does something with the database in a scope of the tenant, and saves it.</summary>
    public Task ChangeAsync(string slug, Func<PortalDbContext, TenantProfile, Task> change) => InTenantAsync(
        slug,
        async (services, tenant) =>
        {
            var database = services.GetRequiredService<PortalDbContext>();
            await change(database, tenant);
            return await database.SaveChangesAsync();
        });

    /// <summary>A tenant that looks like <paramref name="model"/> but has its own rules.</summary>
    public Task AddTenantAsync(string slug, string model = "acme", TenantPolicy? policy = null, Action<Tenant>? configure = null) =>
        ChangeAsync(model, async (database, like) =>
        {
            var now = Clock.GetUtcNow();
            var tenant = new Tenant
            {
                Id = Guid.CreateVersion7(now),
                Slug = slug,
                DisplayName = like.DisplayName,
                Policy = policy ?? new TenantPolicy(),
                CreatedAt = now,
            };
            configure?.Invoke(tenant);
            database.Tenants.Add(tenant);
            await database.SaveChangesAsync();
            if (like.BrandingVersion != Guid.Empty)
            {
                foreach (var asset in await database.BrandAssets.AsNoTracking().ToListAsync())
                {
                    database.BrandAssets.Add(new BrandAsset
                    {
                        TenantId = tenant.Id,
                        Key = asset.Key,
                        ContentType = asset.ContentType,
                        Content = asset.Content,
                        CreatedAt = now,
                    });
                }

                tenant.BrandingRevision = new BrandingRevision
                {
                    Id = Guid.CreateVersion7(now),
                    TenantId = tenant.Id,
                    Number = 1,
                    Document = like.Branding,
                    PublishedAt = now,
                };
            }
        });

    /// <summary>A person of the tenant with <see cref="DemoData.Password"/>, verified unless the test says otherwise.</summary>
    public Task<PortalUser> AddUserAsync(string slug, string address, Action<PortalUser>? configure = null) => InTenantAsync(
        slug,
        async (services, tenant) =>
        {
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
            user.PasswordHash = services.GetRequiredService<IPasswordHasher<PortalUser>>().HashPassword(user, DemoData.Password);
            configure?.Invoke(user);
            var result = await services.GetRequiredService<UserManager<PortalUser>>().CreateAsync(user);
            return result.Succeeded ? user : throw new InvalidOperationException(result.ToString());
        });

    /// <summary>The mails to an address, those included that are still to be written.</summary>
    public async Task<IReadOnlyList<ReceivedMail>> ReadMailsAsync(string address)
    {
        await Services.GetRequiredService<AccountRequestHandler>().RunOnceAsync(CancellationToken.None);
        return await Services.ReadMailsAsync(address);
    }

    /// <summary>The path of a new link to the set-up, after taking away whoever operates the portal.</summary>
    public async Task<string> CreateSetupLinkAsync()
    {
        await ChangeAsync(TenantSlug.Platform, async (database, _) =>
        {
            await database.Sessions.ExecuteDeleteAsync();
            await database.Users.ExecuteDeleteAsync();
        });
        await using var scope = Services.CreateAsyncScope();
        var link = await scope.ServiceProvider.GetRequiredService<FirstOperator>().CreateLinkAsync(CancellationToken.None);
        return link?.PathAndQuery ?? throw new InvalidOperationException("There is an operator already.");
    }

    private void Start()
    {
        // The port is chosen first: passkeys are made for the configured origin, so the portal must know it when it starts.
        _port = _port == 0 ? FreePort() : _port;
        var settings = new Dictionary<string, string>(Settings, StringComparer.Ordinal)
        {
            ["Portal:PublicOrigin"] = Address("/"),
            ["Database:Provider"] = nameof(DatabaseProvider.Sqlite),
            ["ConnectionStrings:Portal"] = _database!.ConnectionString,
        };
        _factory = new PortalFactory(settings, Clock, Errors);
        _factory.UseKestrel(_port);
        _factory.StartServer();
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
