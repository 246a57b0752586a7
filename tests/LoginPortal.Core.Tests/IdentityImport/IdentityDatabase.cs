using LoginPortal.Core.Data;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.IdentityImport;

/// <summary>A database that the framework's own Identity made, as an application has it.</summary>
internal sealed class IdentityDatabase : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly ServiceProvider _services;
    private readonly AsyncServiceScope _scope;

    private IdentityDatabase(TestDatabase database)
    {
        _database = database;
        var services = new ServiceCollection();
        services.AddLogging().AddDataProtection();
        services.AddDbContext<Context>(options => _ = database.Provider == DatabaseProvider.Sqlite
            ? options.UseSqlite(database.ConnectionString)
            : options.UseNpgsql(database.ConnectionString));
        services.AddIdentityCore<IdentityUser>(options => options.Stores.SchemaVersion = IdentitySchemaVersions.Version3)
            .AddRoles<IdentityRole>().AddEntityFrameworkStores<Context>().AddDefaultTokenProviders();
        _services = services.BuildServiceProvider();
        _scope = _services.CreateAsyncScope();
    }

    public string ConnectionString => _database.ConnectionString;

    public UserManager<IdentityUser> Users => _scope.ServiceProvider.GetRequiredService<UserManager<IdentityUser>>();

    public RoleManager<IdentityRole> Roles => _scope.ServiceProvider.GetRequiredService<RoleManager<IdentityRole>>();

    public Context Database => _scope.ServiceProvider.GetRequiredService<Context>();

    public static async Task<IdentityDatabase> CreateAsync(DatabaseProvider provider)
    {
        var database = new IdentityDatabase(await TestDatabase.CreateEmptyAsync(provider));
        await database.Database.Database.EnsureCreatedAsync();
        return database;
    }

    public async Task<IdentityUser> AddAsync(string? email, string? password, Action<IdentityUser>? configure = null)
    {
        var user = new IdentityUser { UserName = email ?? $"name-{Guid.NewGuid():N}", Email = email, EmailConfirmed = true };
        configure?.Invoke(user);
        var result = password is null ? await Users.CreateAsync(user) : await Users.CreateAsync(user, password);
        return result.Succeeded ? user : throw new InvalidOperationException(result.ToString());
    }

    /// <summary>Changes it behind Identity's back.</summary>
    public Task ExecuteAsync(string statement) => Database.Database.ExecuteSqlRawAsync(statement.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));

    /// <summary>Makes the hash of version 2, as ASP.NET Identity made it.</summary>
    public static string HashOfVersion2(string password) => new PasswordHasher<IdentityUser>(
        Microsoft.Extensions.Options.Options.Create(new PasswordHasherOptions { CompatibilityMode = PasswordHasherCompatibilityMode.IdentityV2 }))
        .HashPassword(new IdentityUser(), password);

    public async ValueTask DisposeAsync()
    {
        await _scope.DisposeAsync();
        await _services.DisposeAsync();
        await _database.DisposeAsync();
    }

    public sealed class Context(DbContextOptions<Context> options) : IdentityDbContext<IdentityUser>(options);
}
