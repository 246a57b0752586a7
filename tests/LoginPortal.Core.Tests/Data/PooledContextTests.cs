using System.Data;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Data;

/// <summary>Contexts go from one scope to the next, with their connection on SQLite; nothing else of the scope does.</summary>
public sealed class PooledContextTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private CoreHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        _host = new CoreHost(_database);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task Context_OfAnotherTenantBefore_SeesItsOwnAlone()
    {
        var (acme, globex) = (await _host.CreateTenantAsync("acme"), await _host.CreateTenantAsync("globex"));
        await _host.CreateUserAsync(acme, "ada@acme.example", password: null);
        await _host.CreateUserAsync(globex, "gus@globex.example", password: null);
        var seen = new List<(PortalDbContext Context, string Addresses)>();

        foreach (var tenant in (TenantProfile?[])[acme, globex, null])
        {
            await using var scope = _host.CreateScope();
            if (tenant is not null)
            {
                scope.ServiceProvider.GetRequiredService<TenantContext>().Set(tenant);
            }

            var context = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
            seen.Add((context, string.Join(' ', await context.Users.Select(user => user.Email).ToListAsync())));
        }

        Assert.Equal(["ada@acme.example", "gus@globex.example", ""], seen.Select(one => one.Addresses));
        Assert.Single(seen.Select(one => one.Context).Distinct());
    }

    [Fact]
    public async Task Context_GivenBack_BelongsToNoTenantAndKeepsNoSetting()
    {
        var tenant = await _host.CreateTenantAsync("acme");
        PortalDbContext context;
        await using (var scope = _host.OpenTenant(tenant))
        {
            context = scope.Services.GetRequiredService<PortalDbContext>();
            Assert.Equal(tenant.Id, context.TenantId);
            context.Database.AutoSavepointsEnabled = false;
        }

        Assert.Equal(Guid.Empty, context.TenantId);
        await using var next = _host.CreateScope();
        Assert.Same(context, Database(next));
        Assert.True(context.Database.AutoSavepointsEnabled);
    }

    [Theory]
    [InlineData("", ConnectionState.Open)]
    [InlineData(";Pooling=False", ConnectionState.Closed)]
    public async Task Connection_AfterAQuery_IsKeptUnlessPoolingIsOff(string addition, ConnectionState expected)
    {
        await using var host = new CoreHost(TestDatabase.At(DatabaseProvider.Sqlite, _database.ConnectionString + addition));
        await using var scope = host.CreateScope();
        var context = scope.ServiceProvider.GetRequiredService<PortalDbContext>();

        await context.Tenants.CountAsync();

        Assert.Equal(expected, context.Database.GetDbConnection().State);
    }

    [Fact]
    public async Task Writers_OfOneProcess_TakeTurns()
    {
        await using var first = _host.CreateScope();
        await using var second = _host.CreateScope();
        var (one, other) = (Database(first), Database(second));
        var transaction = await one.Database.BeginTransactionAsync();

        var waiting = other.Database.BeginTransactionAsync();
        Assert.False(waiting.IsCompleted);
        await transaction.CommitAsync();

        await (await waiting).DisposeAsync();
    }

    [Fact]
    public async Task Writer_ThatGivesUpWaiting_TakesNobodysTurn()
    {
        await using var first = _host.CreateScope();
        await using var second = _host.CreateScope();
        var (one, other) = (Database(first), Database(second));
        var transaction = await one.Database.BeginTransactionAsync();
        using var patience = new CancellationTokenSource();
        var waiting = other.Tenants.ExecuteDeleteAsync(patience.Token);

        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await transaction.DisposeAsync();
        await using var next = await other.Database.BeginTransactionAsync();
        Assert.Equal(0, await other.Tenants.ExecuteDeleteAsync());
    }

    [Fact]
    public async Task Transaction_LeftOpenByItsScope_IsRolledBackAndLetsTheNextIn()
    {
        var tenant = await _host.CreateTenantAsync("acme");
        await using (var scope = _host.CreateScope())
        {
            await Database(scope).Database.BeginTransactionAsync();
            await Database(scope).Tenants.Where(t => t.Id == tenant.Id).ExecuteUpdateAsync(update => update.SetProperty(t => t.DisplayName, "Nobody's"));
        }

        await using var next = _host.CreateScope();
        await using var transaction = await Database(next).Database.BeginTransactionAsync();
        Assert.Equal("Tenant acme", await Database(next).Tenants.Select(t => t.DisplayName).SingleAsync());
    }

    [Fact]
    public async Task Statement_AskedAgainWithOtherValues_AnswersThose()
    {
        var (acme, globex) = (await _host.CreateTenantAsync("acme"), await _host.CreateTenantAsync("globex"));
        await using var scope = _host.CreateScope();

        foreach (var tenant in (TenantProfile[])[acme, globex, acme])
        {
            Assert.Equal(tenant.Slug, await Database(scope).Tenants.Where(t => t.Id == tenant.Id).Select(t => t.Slug).SingleAsync());
        }
    }

    private static PortalDbContext Database(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<PortalDbContext>();
}
