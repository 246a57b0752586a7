using System.Text.Json;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Tenants;

public sealed class TenantDirectorySqliteTests() : TenantDirectoryTests(DatabaseProvider.Sqlite);

public sealed class TenantDirectoryPostgreSqlTests() : TenantDirectoryTests(DatabaseProvider.PostgreSql);

public abstract class TenantDirectoryTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    [Fact]
    public async Task Find_BySlugIdOrVerifiedHost_GivesTheTenant()
    {
        var tenant = await CreateAsync("acme", ("login.acme.example", Verified: true));

        Assert.Equal(tenant.Id, (await FindAsync(directory => directory.FindBySlugAsync("acme", default)))?.Id);
        Assert.Equal(tenant.Id, (await FindAsync(directory => directory.FindByIdAsync(tenant.Id, default)))?.Id);
        foreach (var host in (string[])["login.acme.example", "LOGIN.Acme.Example", "login.acme.example."])
        {
            Assert.Equal(tenant.Id, (await FindAsync(directory => directory.FindByHostAsync(host, default)))?.Id);
        }
    }

    [Fact]
    public async Task Find_UnverifiedHost_GivesNothing()
    {
        await CreateAsync("acme", ("login.acme.example", Verified: false));

        Assert.Null(await FindAsync(directory => directory.FindByHostAsync("login.acme.example", default)));
    }

    [Theory]
    [InlineData("bücher.example")]
    [InlineData("BÜCHER.example")]
    [InlineData("xn--bcher-kva.example")]
    [InlineData("XN--BCHER-KVA.EXAMPLE")]
    public async Task Find_InternationalHost_GivesTheTenantInEitherForm(string host)
    {
        var tenant = await CreateAsync("acme", ("xn--bcher-kva.example", Verified: true));

        Assert.Equal(tenant.Id, (await FindAsync(directory => directory.FindByHostAsync(host, default)))?.Id);
    }

    [Fact]
    public async Task Find_SuspendedTenant_GivesNothing()
    {
        var tenant = await CreateAsync("acme", ("login.acme.example", Verified: true));
        await using (var scope = Host.CreateScope())
        {
            await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Tenants
                .ExecuteUpdateAsync(t => t.SetProperty(x => x.Status, TenantStatus.Suspended));
        }

        Assert.Null(await FindAsync(directory => directory.FindBySlugAsync("acme", default)));
        Assert.Null(await FindAsync(directory => directory.FindByIdAsync(tenant.Id, default)));
        Assert.Null(await FindAsync(directory => directory.FindByHostAsync("login.acme.example", default)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("Acme")]
    [InlineData("globex")]
    [InlineData("acme' OR 1=1 --")]
    [InlineData("acme\u0000")]
    public async Task Find_SlugOfNobody_GivesNothing(string slug)
    {
        await CreateAsync("acme");

        Assert.Null(await FindAsync(directory => directory.FindBySlugAsync(slug, default)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(".")]
    [InlineData("..")]
    [InlineData("[::1]")]
    [InlineData("login..acme.example")]
    public async Task Find_HostThatIsNone_GivesNothing(string host)
    {
        await CreateAsync("acme", ("login.acme.example", Verified: true));

        Assert.Null(await FindAsync(directory => directory.FindByHostAsync(host, default)));
    }

    [Fact]
    public async Task Find_OtherTenantsHost_GivesThatTenant()
    {
        await CreateAsync("acme", ("login.acme.example", Verified: true));
        await CreateAsync("globex", ("login.globex.example", Verified: true));

        Assert.Equal("globex", (await FindAsync(directory => directory.FindByHostAsync("login.globex.example", default)))?.Slug);
    }

    [Fact]
    public async Task Find_PrimaryHost_IsTheBaseAddressOnlyOnceVerified()
    {
        await CreateAsync("acme", ("login.acme.example", Verified: true));
        await CreateAsync("globex", ("login.globex.example", Verified: false));
        var origin = new Uri("https://login.example.com");

        var (acme, globex) = (await FindAsync(d => d.FindBySlugAsync("acme", default)), await FindAsync(d => d.FindBySlugAsync("globex", default)));

        Assert.Equal("https://login.acme.example/", acme!.BaseAddress(origin).ToString());
        Assert.Equal("https://login.example.com/t/globex/", globex!.BaseAddress(origin).ToString());
    }

    [Fact]
    public async Task Find_PolicyAndBranding_ComeBackAsStored()
    {
        var policy = new TenantPolicy
        {
            SecondFactor = SecondFactorRequirement.Required,
            SecondFactorRequiredFrom = Clock.GetUtcNow().AddDays(3),
            SessionLifetime = TimeSpan.FromHours(8),
            AllowRememberedSessions = false,
            MinimumPasswordLength = 20,
            Languages = ["de"],
            RedirectUris = ["https://app.example/"],
            Registration = new RegistrationPolicy { IsOpen = true, AllowedDomains = ["acme.example"], TermsVersion = "2", Captcha = CaptchaKind.HCaptcha },
            CustomFields =
            [
                new CustomField("team", CustomFieldKind.Choice)
                {
                    Labels = new Dictionary<string, string> { ["en"] = "Team" }, IsRequired = true, Choices = ["Rowing"],
                },
            ],
        };
        await Host.CreateTenantAsync("acme", policy);

        var found = (await FindAsync(directory => directory.FindBySlugAsync("acme", default)))!;

        Assert.Equal(JsonSerializer.Serialize(policy), JsonSerializer.Serialize(found.Policy));
        Assert.Equal(Branding.Default, found.Branding);
    }

    private Task<TenantProfile> CreateAsync(string slug, params (string Host, bool Verified)[] domains) =>
        Host.CreateTenantAsync(slug, configure: tenant =>
        {
            foreach (var (host, verified) in domains)
            {
                tenant.Domains.Add(new TenantDomain
                {
                    Id = Guid.NewGuid(),
                    TenantId = tenant.Id,
                    Host = host,
                    VerifiedAt = verified ? Clock.GetUtcNow() : null,
                    IsPrimary = true,
                });
            }
        });

    private async Task<TenantProfile?> FindAsync(Func<TenantDirectory, Task<TenantProfile?>> find)
    {
        await using var scope = Host.CreateScope();
        return await find(scope.ServiceProvider.GetRequiredService<TenantDirectory>());
    }
}
