using LoginPortal.Core.Data;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Api.Tests;

/// <summary>The JSON host with the demo data, over a database of its own.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    private TestDatabase? _database;
    private WebApplicationFactory<ApiHost>? _factory;

    public IServiceProvider Services => _factory!.Services;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        _factory = new WebApplicationFactory<ApiHost>().WithWebHostBuilder(host => host
            .UseSetting("Database:Provider", nameof(DatabaseProvider.Sqlite))
            .UseSetting("ConnectionStrings:Portal", _database.ConnectionString)
            .UseSetting("Portal:PublicOrigin", "https://login.example.com")
            .ConfigureServices(services => services.PostConfigure<PasswordHasherOptions>(options => options.IterationCount = 1_000)));
    }

    public HttpClient CreateClient() => _factory!.CreateClient();

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
    }
}
