using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(DatabaseTemplates))]

namespace LoginPortal.Api.Tests;

/// <summary>The JSON host with the demo data, over a database of its own, at a clock that the tests turn.</summary>
public abstract class ApiHostFixture(DatabaseProvider provider) : IAsyncLifetime
{
    private TestDatabase? _database;
    private WebApplicationFactory<ApiHost>? _factory;
    private CoreHost? _core;

    public TestClock Clock { get; } = new();

    public IServiceProvider Services => _factory!.Services;

    /// <summary>Core by itself over the same database: what the portal does meanwhile.</summary>
    public CoreHost Core => _core!;

    /// <summary>What the host logged as an error. No request may cause one.</summary>
    public ErrorLog Errors { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(provider);
        _factory = new WebApplicationFactory<ApiHost>().WithWebHostBuilder(host => host
            .UseSetting("Database:Provider", provider.ToString())
            .UseSetting("ConnectionStrings:Portal", _database.ConnectionString)
            .UseSetting("Api:RequestsPerMinutePerAddress", "1000000")
            .UseSetting("Portal:PublicOrigin", CoreHost.PublicOrigin.ToString())
            .ConfigureServices(services =>
            {
                services.AddLogging(logging => logging.AddProvider(Errors));
                services.AddSingleton<TimeProvider>(Clock);
                services.AddSingleton<IStartupFilter, TestNetwork>();
                services.PostConfigure<PasswordHasherOptions>(options => options.IterationCount = 1_000);
                RemoveBackgroundWork(services);
            }));
        _factory.CreateClient().Dispose();
        _core = new CoreHost(_database, Clock);
    }

    public HttpClient CreateClient() => _factory!.CreateClient();

    public async ValueTask DisposeAsync()
    {
        if (_core is not null)
        {
            await _core.DisposeAsync();
        }

        if (_factory is not null)
        {
            await _factory.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }

    /// <summary>A test does what the background would, when it wants it done.</summary>
    private static void RemoveBackgroundWork(IServiceCollection services)
    {
        var core = typeof(CoreServices).Assembly;
        foreach (var service in services.Where(service => service.ServiceType == typeof(IHostedService)
            && (service.ImplementationType?.Assembly == core || service.ImplementationFactory?.Method.Module.Assembly == core)).ToList())
        {
            services.Remove(service);
        }
    }
}

public sealed class ApiFixture() : ApiHostFixture(DatabaseProvider.Sqlite);

public sealed class PostgreSqlApiFixture() : ApiHostFixture(DatabaseProvider.PostgreSql);

/// <summary>Gives requests the network address that a connection would have: the one that the test names, or else always the same.</summary>
public sealed class TestNetwork : IStartupFilter
{
    public const string Header = "X-Test-Address";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, following) =>
        {
            var named = context.Request.Headers[Header].ToString();
            context.Connection.RemoteIpAddress = System.Net.IPAddress.Parse(named.Length > 0 ? named : "192.0.2.1");
            return following(context);
        });
        next(app);
    };
}

/// <summary>Keeps what was logged as an error.</summary>
public sealed class ErrorLog : ILoggerProvider, ILogger
{
    private readonly System.Collections.Concurrent.ConcurrentQueue<string> _lines = new();

    public IReadOnlyCollection<string> Lines => _lines;

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Error;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue($"{formatter(state, exception)} {exception}");
        }
    }

    public void Dispose()
    {
    }
}
