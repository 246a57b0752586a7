using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Setup;

public sealed class DemoDataSqliteTests() : DemoDataTests(DatabaseProvider.Sqlite);

public sealed class DemoDataPostgreSqlTests() : DemoDataTests(DatabaseProvider.PostgreSql);

public abstract class DemoDataTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    [Fact]
    public async Task Seed_Twice_CreatesTenantsAndPeopleOnce()
    {
        await SeedAsync();
        await SeedAsync();

        await using var scope = Host.CreateScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        Assert.Equal(["acme", "globex", "platform"], await database.Tenants.Select(tenant => tenant.Slug).Order().ToListAsync());
        Assert.Equal(
            ["admin@acme.example", "admin@globex.example", "operator@portal.example", "user@acme.example", "user@globex.example"],
            await database.Users.IgnoreQueryFilters().Select(user => user.Email).Order().ToListAsync());
        Assert.Equal(2, await database.BrandingRevisions.CountAsync());
        Assert.Equal(2, await database.BrandAssets.IgnoreQueryFilters().CountAsync());
    }

    [Theory]
    [InlineData("platform", "operator@portal.example", PortalRole.PlatformOperator)]
    [InlineData("acme", "user@acme.example", PortalRole.Member)]
    [InlineData("globex", "admin@globex.example", PortalRole.TenantAdministrator)]
    public async Task Seed_EveryPerson_CanSignIn(string slug, string address, PortalRole role)
    {
        await SeedAsync();
        TenantProfile tenant;
        await using (var scope = Host.CreateScope())
        {
            tenant = (await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync(slug, CancellationToken.None))!;
        }

        var browser = new Browser(Host, tenant);
        var outcome = await browser.SignInAsync(address, DemoData.Password);
        if (outcome is SignInOutcome.Continue { Flow.PostponableUntil: not null })
        {
            outcome = await browser.AdvanceAsync(new StepInput.Postponement());
        }

        Assert.IsType<SignInOutcome.Completed>(outcome);
        await using var inTenant = Host.OpenTenant(tenant);
        Assert.Equal(role, (await inTenant.Database.Users.SingleAsync(user => user.Email == address)).Role);
        Assert.NotEmpty(BrandingStylesheet.Write(tenant.Branding));
    }

    private async Task SeedAsync()
    {
        await using var scope = Host.CreateScope();
        await scope.ServiceProvider.GetRequiredService<DemoData>().SeedAsync(CancellationToken.None);
    }
}
