using LoginPortal.Core.Data;
using LoginPortal.Testing;
using Microsoft.Extensions.Hosting;

[assembly: AssemblyFixture(typeof(DatabaseTemplates))]

namespace LoginPortal.Tests.Hosts;

/// <summary>One portal with the demo organisations, for tests that leave it as they found it.</summary>
public class PortalFixture : IAsyncLifetime
{
    internal Portal Portal { get; private set; } = null!;

    internal virtual PortalSettings Settings => new();

    public async ValueTask InitializeAsync()
    {
        var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        if (Settings.Environment != Environments.Development)
        {
            // The demo organisations come from Development alone.
            await using var seeding = new Portal(database);
            seeding.Start();
        }

        Portal = new Portal(database, Settings);
        Portal.Start();
    }

    public async ValueTask DisposeAsync()
    {
        await Portal.DisposeAsync();
        await Portal.Database.DisposeAsync();
    }
}

/// <summary>The same on a port of its own, with all that a real server adds and refuses.</summary>
public sealed class NetworkPortalFixture : PortalFixture
{
    internal override PortalSettings Settings => new() { OnNetwork = true };
}

/// <summary>A test with portals of its own, each with the settings that it asks for.</summary>
public abstract class PortalTests(DatabaseProvider provider = DatabaseProvider.Sqlite) : IAsyncLifetime
{
    private readonly List<Portal> _portals = [];

    internal TestClock Clock { get; } = new();

    internal TestDatabase Database { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Database = await TestDatabase.CreateAsync(provider);

    public virtual async ValueTask DisposeAsync()
    {
        foreach (var portal in _portals)
        {
            await portal.DisposeAsync();
        }

        await Database.DisposeAsync();
    }

    /// <summary>Starts a portal over this test's database: one more node if there is one already.</summary>
    internal Portal Start(PortalSettings? settings = null)
    {
        var portal = new Portal(Database, settings);
        _portals.Add(portal);
        portal.Start();
        return portal;
    }
}
