using LoginPortal.Core.Data;
using LoginPortal.Testing;

[assembly: AssemblyFixture(typeof(DatabaseTemplates))]

namespace LoginPortal.Core.Tests;

/// <summary>A test that runs against both engines: an abstract class with its tests, and one subclass an engine.</summary>
public abstract class DatabaseTests(DatabaseProvider provider) : IAsyncLifetime
{
    private readonly List<CoreHost> _hosts = [];

    protected TestClock Clock { get; } = new();

    protected TestDatabase Database { get; private set; } = null!;

    protected CoreHost Host { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync()
    {
        Database = await TestDatabase.CreateAsync(provider);
        Host = AddHost();
    }

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await Database.DisposeAsync();
    }

    /// <summary>One more node over the same database, with the same clock.</summary>
    protected CoreHost AddHost(Action<Microsoft.Extensions.Hosting.IHostApplicationBuilder>? configure = null, bool cheapHashing = true)
    {
        var host = new CoreHost(Database, Clock, configure, cheapHashing);
        _hosts.Add(host);
        return host;
    }
}
