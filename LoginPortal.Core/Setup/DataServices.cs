using System.Data.Common;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using LoginPortal.Core.Data;
using LoginPortal.Core.Telemetry;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Npgsql;

namespace LoginPortal.Core.Setup;

/// <summary>Registers the database, whichever engine it is, and the key ring in it.</summary>
internal static class DataServices
{
    private const int MaximumPreparedStatements = 200;

    /// <summary>More than this are disposed after use; on SQLite each keeps a connection.</summary>
    private const int MaximumPooledContexts = 64;

    public static void AddData(this IHostApplicationBuilder builder)
    {
        // A provider that there is not is said when the options are checked, together with everything else.
        var provider = builder.Configuration[$"{DatabaseOptions.Section}:{nameof(DatabaseOptions.Provider)}"];
        if (string.Equals(provider, nameof(DatabaseProvider.PostgreSql), StringComparison.OrdinalIgnoreCase))
        {
            AddContext<PostgreSqlPortalDbContext>(builder.Services, (services, options) => options.UseNpgsql(ConnectionStringOf(services)));
            builder.Services.AddSingleton<DirectStatements>(services => new PostgreSqlDirectStatements(
                ConnectionStringOf(services), services.GetRequiredService<PortalMetrics>(), services.GetRequiredService<TimeProvider>()));
        }
        else
        {
            builder.Services.AddSingleton<WriteAheadLog>().AddSingleton<SqliteConnections>();
            AddContext<SqlitePortalDbContext>(builder.Services, (services, options) => options
                .UseSqlite(ConnectionStringOf(services))
                .AddInterceptors(services.GetRequiredService<SqliteConnections>())

                // To change a column is to make the table anew, without its foreign keys for a moment: SQLite can switch those off outside
                // transactions only. Whoever starts the portal for the first time has nothing to do about it.
                .ConfigureWarnings(warnings => warnings.Ignore(RelationalEventId.NonTransactionalMigrationOperationWarning)));
            builder.Services.AddSingleton<DirectStatements>(services => new SqliteDirectStatements(
                services.GetRequiredService<SqliteConnections>().Create(ConnectionStringOf(services)),
                services.GetRequiredService<PortalMetrics>(),
                services.GetRequiredService<TimeProvider>()));
        }

        builder.Services.AddDataProtection().SetApplicationName("LoginPortal");
        builder.Services.AddSingleton<DataProtectionKeyRepository>();
        builder.Services.AddOptions<KeyManagementOptions>()
            .Configure<DataProtectionKeyRepository>((options, repository) => options.XmlRepository = repository);
        if (OpenKeyEncryptionCertificate(builder.Configuration) is { } certificate)
        {
            builder.Services.AddDataProtection().ProtectKeysWithCertificate(certificate);
        }
    }

    private static void AddContext<TContext>(IServiceCollection services, Action<IServiceProvider, DbContextOptionsBuilder> configure)
        where TContext : PortalDbContext => services
        .AddPooledDbContextFactory<TContext>(configure, MaximumPooledContexts)
        .AddScoped(scope => scope.GetRequiredService<IDbContextFactory<TContext>>().CreateDbContext().In(scope.GetRequiredService<TenantContext>()));

    /// <summary>The certificate; <see langword="null"/> without one, and where it cannot be opened, which is said when the options are checked.</summary>
    public static X509Certificate2? OpenKeyEncryptionCertificate(IConfiguration configuration)
    {
        var path = configuration[$"{PortalOptions.Section}:{nameof(PortalOptions.KeyEncryptionCertificatePath)}"];
        try
        {
            return File.Exists(path)
                ? X509CertificateLoader.LoadPkcs12FromFile(path, configuration[$"{PortalOptions.Section}:{nameof(PortalOptions.KeyEncryptionCertificatePassword)}"])
                : null;
        }
        catch (Exception exception) when (exception is CryptographicException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string ConnectionStringOf(IServiceProvider services)
    {
        var options = services.GetRequiredService<IOptions<DatabaseOptions>>().Value;
        return options.Provider == DatabaseProvider.PostgreSql
            ? PostgreSqlConnectionString(options.ConnectionString)
            : SqliteConnectionString(options.ConnectionString, services.GetRequiredService<IHostEnvironment>().ContentRootPath);
    }

    /// <summary>
    /// Unless the connection string says otherwise, statements are prepared by the server once they have been seen a few times, and a connection is not
    /// reset when it goes back into the pool: that takes the server longer than most questions, and nothing here leaves anything in a session but
    /// transactions, which are rolled back all the same.
    /// </summary>
    private static string PostgreSqlConnectionString(string connectionString)
    {
        var parts = new NpgsqlConnectionStringBuilder(connectionString);
        var given = new DbConnectionStringBuilder { ConnectionString = parts.ConnectionString };
        if (!given.ContainsKey("Max Auto Prepare"))
        {
            parts.MaxAutoPrepare = MaximumPreparedStatements;
        }

        if (!given.ContainsKey("No Reset On Close"))
        {
            parts.NoResetOnClose = true;
        }

        return parts.ConnectionString;
    }

    /// <summary>A relative file belongs beside the host's content, wherever the process was started from.</summary>
    private static string SqliteConnectionString(string connectionString, string contentRoot)
    {
        var parts = new SqliteConnectionStringBuilder(connectionString);
        if (parts.DataSource is { Length: > 0 } source && source != ":memory:" && !source.StartsWith("file:", StringComparison.Ordinal))
        {
            parts.DataSource = Path.GetFullPath(source, contentRoot);
            Directory.CreateDirectory(Path.GetDirectoryName(parts.DataSource)!);
        }

        return parts.ToString();
    }
}
