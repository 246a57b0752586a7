using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Tenants;

public sealed class TenantDoorSqliteTests() : TenantDoorTests(DatabaseProvider.Sqlite);

public sealed class TenantDoorPostgreSqlTests() : TenantDoorTests(DatabaseProvider.PostgreSql);

/// <summary>What stands at the door is the tenant as it is, however many ask.</summary>
public abstract class TenantDoorTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private TenantDoor Door => Host.Services.GetRequiredService<TenantDoor>();

    [Fact]
    public async Task Find_ByManyAtOnce_GivesEachTheirTenant()
    {
        await Host.CreateTenantAsync("acme");
        await Host.CreateTenantAsync("globex");

        var found = await Task.WhenAll(Enumerable.Range(0, 60).Select(number => Task.Run(() =>
            Door.FindBySlugAsync((number % 3) switch { 0 => "acme", 1 => "globex", _ => "nobody" }))));

        Assert.All(found.Chunk(3), three => Assert.Equal(["acme", "globex", null], three.Select(tenant => tenant?.Slug)));
    }

    [Fact]
    public async Task Find_AfterAChange_GivesTheTenantAsItIsWhileOthersAsk()
    {
        await Host.CreateTenantAsync("acme");
        var isOver = false;
        var others = Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            while (!Volatile.Read(ref isOver))
            {
                await Door.FindBySlugAsync("acme");
            }
        })).ToList();

        for (var turn = 0; turn < 50; turn++)
        {
            var name = $"Acme {turn}";
            await using (var scope = Host.CreateScope())
            {
                await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Tenants.ExecuteUpdateAsync(tenants => tenants.SetProperty(t => t.DisplayName, name));
            }

            Assert.Equal(name, (await Door.FindBySlugAsync("acme"))?.DisplayName);
        }

        Volatile.Write(ref isOver, true);
        await Task.WhenAll(others);
    }

    [Fact]
    public async Task Find_HostOfNobodyOrSuspendedTenant_GivesNothing()
    {
        await Host.CreateTenantAsync("acme");
        Assert.Null(await Door.FindByHostAsync("login.acme.example"));
        await using (var scope = Host.CreateScope())
        {
            await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Tenants.ExecuteUpdateAsync(t => t.SetProperty(x => x.Status, TenantStatus.Suspended));
        }

        Assert.Null(await Door.FindBySlugAsync("acme"));
    }
}
