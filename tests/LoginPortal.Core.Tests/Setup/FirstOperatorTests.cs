using System.Web;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tests.SignIn;
using LoginPortal.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Setup;

public sealed class FirstOperatorSqliteTests() : FirstOperatorTests(DatabaseProvider.Sqlite);

public sealed class FirstOperatorPostgreSqlTests() : FirstOperatorTests(DatabaseProvider.PostgreSql);

public abstract class FirstOperatorTests(DatabaseProvider provider) : DatabaseTests(provider)
{
    private const string Address = "olga@portal.example";
    private const string Password = "blue-kettle-walks-at-noon";

    [Fact]
    public async Task CreateLink_FirstStart_NamesTheSetupPageOfThePlatform()
    {
        var link = await CreateLinkAsync(Host);

        Assert.NotNull(link);
        Assert.StartsWith("https://login.example.com/t/platform/setup?token=", link.ToString(), StringComparison.Ordinal);
        await using var scope = Host.OpenTenant(await PlatformAsync());
        Assert.Equal(Secret.Hash(TokenOf(link)), (await scope.Database.OneTimeLinks.SingleAsync()).TokenHash);
    }

    [Fact]
    public async Task CreateOperator_WithTheLink_MakesSomebodyWhoCanSignIn()
    {
        var token = TokenOf(await CreateLinkAsync(Host));

        Assert.IsType<FirstOperatorResult.Created>(await CreateOperatorAsync(Host, token));

        var platform = await PlatformAsync();
        Assert.IsType<SignInOutcome.Completed>(await new Browser(Host, platform).SignInAsync(Address, Password));
        await using var scope = Host.OpenTenant(platform);
        Assert.Equal(PortalRole.PlatformOperator, (await scope.Database.Users.SingleAsync()).Role);
        Assert.Equal(1, await scope.Database.SecurityEvents.CountAsync(e => e.Kind == SecurityEventKind.OperatorCreated));
    }

    [Fact]
    public async Task CreateLink_OnceThereIsAnOperator_GivesNone()
    {
        await CreateOperatorAsync(Host, TokenOf(await CreateLinkAsync(Host)));

        Assert.Null(await CreateLinkAsync(Host));
    }

    [Fact]
    public async Task CreateLink_Again_ReplacesTheOneBefore()
    {
        var first = TokenOf(await CreateLinkAsync(Host));
        var second = TokenOf(await CreateLinkAsync(AddHost()));

        Assert.False(await IsValidAsync(first));
        Assert.True(await IsValidAsync(second));
        Assert.IsType<FirstOperatorResult.LinkInvalid>(await CreateOperatorAsync(Host, first));
        Assert.IsType<FirstOperatorResult.Created>(await CreateOperatorAsync(Host, second));
    }

    [Fact]
    public async Task CreateLink_FirstStartOfTwoNodesAtOnce_LetsOneOperatorBeMade()
    {
        var nodes = new[] { Host, AddHost(), AddHost(), AddHost() };

        var links = await Task.WhenAll(nodes.Select(node => Task.Run(() => CreateLinkAsync(node))));

        var results = new List<FirstOperatorResult>();
        foreach (var link in links)
        {
            results.Add(await CreateOperatorAsync(Host, TokenOf(link), $"operator{results.Count}@portal.example"));
        }

        Assert.Single(results.OfType<FirstOperatorResult.Created>());
        Assert.Equal(3, results.OfType<FirstOperatorResult.LinkInvalid>().Count());
    }

    [Fact]
    public async Task CreateOperator_SpentOrUnknownOrNoLink_IsRefused()
    {
        var token = TokenOf(await CreateLinkAsync(Host));
        await CreateOperatorAsync(Host, token);

        foreach (var useless in (string?[])[token, Secret.Create(), "", null, "\uD800"])
        {
            Assert.False(await IsValidAsync(useless));
            Assert.IsType<FirstOperatorResult.LinkInvalid>(await CreateOperatorAsync(Host, useless, "second@portal.example"));
        }
    }

    [Fact]
    public async Task CreateOperator_AfterADay_IsRefused()
    {
        var token = TokenOf(await CreateLinkAsync(Host));
        Clock.Advance(TimeSpan.FromHours(24) - TimeSpan.FromSeconds(1));
        Assert.True(await IsValidAsync(token));
        Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.False(await IsValidAsync(token));
        Assert.IsType<FirstOperatorResult.LinkInvalid>(await CreateOperatorAsync(Host, token));
    }

    [Fact]
    public async Task CreateOperator_AtOnceOnTwoNodes_MakesExactlyOne()
    {
        var token = TokenOf(await CreateLinkAsync(Host));
        var nodes = new[] { Host, AddHost() };

        var results = await Task.WhenAll(Enumerable.Range(0, 6)
            .Select(n => Task.Run(() => CreateOperatorAsync(nodes[n % 2], token, $"operator{n}@portal.example"))));

        Assert.Single(results.OfType<FirstOperatorResult.Created>());
        Assert.Equal(5, results.OfType<FirstOperatorResult.LinkInvalid>().Count());
        await using var scope = Host.OpenTenant(await PlatformAsync());
        Assert.Equal(1, await scope.Database.Users.CountAsync());
    }

    [Fact]
    public async Task CreateOperator_RefusedAddressOrPassword_LeavesTheLinkWorking()
    {
        var token = TokenOf(await CreateLinkAsync(Host));

        Assert.IsType<AccountDraft.AddressMalformed>(
            Assert.IsType<FirstOperatorResult.NotPrepared>(await CreateOperatorAsync(Host, token, "olga")).Draft);
        Assert.IsType<AccountDraft.PasswordNotAllowed>(
            Assert.IsType<FirstOperatorResult.NotPrepared>(await CreateOperatorAsync(Host, token, Address, "password")).Draft);
        Assert.IsType<FirstOperatorResult.Created>(await CreateOperatorAsync(Host, token));
    }

    [Fact]
    public async Task CreateOperator_AddressTaken_LeavesTheLinkWorking()
    {
        var token = TokenOf(await CreateLinkAsync(Host));
        await Host.CreateUserAsync(await PlatformAsync(), Address, Password);

        Assert.IsType<FirstOperatorResult.AddressTaken>(await CreateOperatorAsync(Host, token));
        Assert.IsType<FirstOperatorResult.Created>(await CreateOperatorAsync(Host, token, "second@portal.example"));
    }

    private static async Task<Uri?> CreateLinkAsync(CoreHost host)
    {
        await using var scope = host.CreateScope();
        return await scope.ServiceProvider.GetRequiredService<FirstOperator>().CreateLinkAsync(CancellationToken.None);
    }

    private static string TokenOf(Uri? link) => HttpUtility.ParseQueryString(link!.Query)["token"]!;

    private async Task<FirstOperatorResult> CreateOperatorAsync(
        CoreHost host, string? token, string address = Address, string password = Password)
    {
        await using var scope = host.OpenTenant(await PlatformAsync());
        return await scope.Services.GetRequiredService<FirstOperator>()
            .CreateOperatorAsync(token, address, password, RequestFacts.Portal, CancellationToken.None);
    }

    private async Task<bool> IsValidAsync(string? token)
    {
        await using var scope = Host.OpenTenant(await PlatformAsync());
        return await scope.Services.GetRequiredService<FirstOperator>().IsLinkValidAsync(token, CancellationToken.None);
    }

    private async Task<TenantProfile> PlatformAsync()
    {
        await using var scope = Host.CreateScope();
        return (await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync(TenantSlug.Platform, CancellationToken.None))!;
    }
}
