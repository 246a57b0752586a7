using LoginPortal.Core.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace LoginPortal.Benchmarks;

/// <summary>The framework's own endpoints for signing in, as its documentation sets them up, on the same engine.</summary>
internal static class FrameworkApi
{
    public const string Mode = "framework-api";
    public const string Password = "Blue-kettle-walks-at-n00n";

    private const string ProviderName = "FRAMEWORK_PROVIDER";
    private const string ConnectionName = "FRAMEWORK_CONNECTION";

    public static Task<ServerProcess> StartAsync(Installation installation)
    {
        var connection = installation.Provider == DatabaseProvider.Sqlite
            ? installation.ConnectionString.Replace(".db", "-framework.db", StringComparison.Ordinal)
            : Plain(new NpgsqlConnectionStringBuilder(installation.ConnectionString));
        return ServerProcess.StartAsync(
            typeof(FrameworkApi).Assembly.Location,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Production",
                ["Logging__LogLevel__Default"] = "Warning",
                [ProviderName] = installation.Provider.ToString(),
                [ConnectionName] = connection,
            },
            "/ready",
            Mode);
    }

    /// <summary>With the provider's own defaults, in a schema beside the portal's.</summary>
    private static string Plain(NpgsqlConnectionStringBuilder server) => new NpgsqlConnectionStringBuilder
    {
        Host = server.Host,
        Port = server.Port,
        Username = server.Username,
        Password = server.Password,
        Database = server.Database,
        SearchPath = "framework",
    }.ToString();

    /// <summary>Serves, in a process of its own.</summary>
    public static async Task ServeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        var connection = builder.Configuration[ConnectionName]!;
        var isSqlite = builder.Configuration[ProviderName] == nameof(DatabaseProvider.Sqlite);
        builder.Services.AddDbContext<IdentityDbContext>(options => _ = isSqlite ? options.UseSqlite(connection) : options.UseNpgsql(connection));
        builder.Services.AddAuthorization();
        builder.Services.AddIdentityApiEndpoints<IdentityUser>().AddEntityFrameworkStores<IdentityDbContext>();

        await using var app = builder.Build();
        await using (var scope = app.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<IdentityDbContext>();
            if (isSqlite)
            {
                await database.Database.EnsureCreatedAsync();
            }
            else
            {
                await database.Database.ExecuteSqlRawAsync("CREATE SCHEMA framework");
                await database.Database.ExecuteSqlRawAsync(database.Database.GenerateCreateScript());
            }
        }

        app.MapIdentityApi<IdentityUser>();
        app.MapGet("/ready", () => "ready");
        await app.RunAsync();
    }
}
