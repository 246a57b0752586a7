using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LoginPortal.Core.Tests.Tenants;

/// <summary>What a node remembers of tenants, and when it stops.</summary>
public sealed class TenantChangeTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private TestDatabase _database = null!;
    private CoreHost _node = null!;
    private CoreHost _other = null!;
    private TenantProfile _tenant = null!;
    private TenantChangeListener _listener = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(DatabaseProvider.PostgreSql);
        _node = new CoreHost(_database);
        _other = new CoreHost(_database);
        _tenant = await _other.CreateTenantAsync("acme");
        _listener = _node.Services.GetServices<IHostedService>().OfType<TenantChangeListener>().Single();
    }

    public async ValueTask DisposeAsync()
    {
        await _listener.StopAsync(CancellationToken.None);
        await _other.DisposeAsync();
        await _node.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Change_OnAnotherNode_EndsWhatIsRemembered()
    {
        await ListenAsync();
        await RenameAsync("Unheard", isHeard: false);
        Assert.Equal("Tenant acme", await KnownAsync());
        Assert.Equal("Tenant acme", (await AskAsync(directory => directory.FindKnownAsync("acme", CancellationToken.None)))?.DisplayName);
        Assert.Equal("Unheard", (await AskAsync(directory => directory.FindByIdAsync(_tenant.Id, CancellationToken.None)))?.DisplayName);

        await RenameAsync("Heard", isHeard: true);

        Assert.True(await EventuallyAsync(async () =>
            (await AskAsync(directory => directory.FindKnownAsync("acme", CancellationToken.None)))?.DisplayName == "Heard"));
        Assert.Equal("Heard", await KnownAsync());
    }

    [Fact]
    public async Task Domain_VerifiedOnAnotherNode_EndsWhatIsRemembered()
    {
        await ListenAsync();
        await ChangeAsync("""INSERT INTO "TenantDomains" ("Id", "TenantId", "Host", "IsPrimary", "VerifiedAt") SELECT gen_random_uuid(), "Id", 'login.acme.example', TRUE, now() FROM "Tenants" """);

        Assert.True(await EventuallyAsync(async () =>
            (await AskAsync(directory => directory.FindKnownAsync(_tenant.Id, CancellationToken.None)))?.PrimaryHost == "login.acme.example"));
    }

    [Fact]
    public async Task Connection_Broken_EndsWhatIsRemembered()
    {
        await ListenAsync();
        await RenameAsync("Unheard", isHeard: false);

        await ChangeAsync("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'LoginPortal changes' AND datname = current_database()");

        Assert.True(await EventuallyAsync(async () => await KnownAsync() == "Unheard"));
    }

    [Fact]
    public async Task Triggers_Missing_NothingIsRemembered()
    {
        await ChangeAsync("""DROP TRIGGER loginportal_tenant_changed ON "Tenants" """);
        await _listener.StartAsync(CancellationToken.None);

        await KnownAsync();
        await RenameAsync("Unheard", isHeard: false);

        Assert.Equal("Unheard", await KnownAsync());
    }

    [Fact]
    public void Cache_ReadBeforeAChangeAndKeptAfterIt_IsNotKept()
    {
        var cache = new TenantCache(new TestClock());
        cache.Begin(TimeSpan.FromSeconds(10));
        var moment = cache.Moment;
        cache.Forget(_tenant.Id);

        cache.Keep(_tenant, moment);
        Assert.Null(cache.Find(_tenant.Id));

        cache.Keep(_tenant, cache.Moment);
        Assert.NotNull(cache.Find(_tenant.Id));
    }

    [Fact]
    public void Cache_WithoutASignOfLife_AnswersNoLonger()
    {
        var clock = new TestClock();
        var cache = new TenantCache(clock);
        cache.Begin(TimeSpan.FromSeconds(10));
        cache.Keep(_tenant, cache.Moment);
        Assert.NotNull(cache.Find(_tenant.Id));

        clock.Advance(TimeSpan.FromSeconds(10));

        Assert.Null(cache.Find(_tenant.Id));
    }

    private async Task ListenAsync()
    {
        await _listener.StartAsync(CancellationToken.None);
        var cache = _node.Services.GetRequiredService<TenantCache>();
        Assert.True(await EventuallyAsync(async () => await KnownAsync() is not null && cache.Find(_tenant.Id) is not null));
    }

    private async Task<string?> KnownAsync() => (await AskAsync(directory => directory.FindKnownAsync(_tenant.Id, CancellationToken.None)))?.DisplayName;

    private async Task<TenantProfile?> AskAsync(Func<TenantDirectory, Task<TenantProfile?>> ask)
    {
        await using var scope = _node.CreateScope();
        return await ask(scope.ServiceProvider.GetRequiredService<TenantDirectory>());
    }

    /// <summary>A change that is not heard of is one whose triggers do not fire: it shows where an answer comes from.</summary>
    private Task RenameAsync(string name, bool isHeard) => ChangeAsync(
        $"SET session_replication_role = {(isHeard ? "origin" : "replica")}; UPDATE \"Tenants\" SET \"DisplayName\" = '{name}'; SET session_replication_role = origin");

    private async Task ChangeAsync(string statement)
    {
        await using var scope = _other.CreateScope();
        await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Database.ExecuteSqlRawAsync(statement);
    }

    private static async Task<bool> EventuallyAsync(Func<Task<bool>> condition)
    {
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                return false;
            }

            await timer.WaitForNextTickAsync();
        }

        return true;
    }
}
