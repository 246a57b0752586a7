using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tests.Administration;

public sealed class AdministratorAccessSqliteTests() : AdministratorAccessTests(DatabaseProvider.Sqlite);

public sealed class AdministratorAccessPostgreSqlTests() : AdministratorAccessTests(DatabaseProvider.PostgreSql);

public abstract class AdministratorAccessTests(DatabaseProvider provider) : AdministrationTestBase(provider)
{
    [Theory]
    [InlineData(PortalRole.Member, "acme", false, false)]
    [InlineData(PortalRole.TenantAdministrator, "acme", true, false)]
    [InlineData(PortalRole.TenantAdministrator, TenantSlug.Platform, true, false)]
    [InlineData(PortalRole.PlatformOperator, "acme", true, false)]
    [InlineData(PortalRole.PlatformOperator, TenantSlug.Platform, true, true)]
    public async Task Access_IsByRoleAndTenant(PortalRole role, string slug, bool mayAdministerTenant, bool mayOperatePlatform)
    {
        await GivenAsync(role, slug);
        var session = await AsAdministratorAsync();

        Assert.Equal(mayAdministerTenant ? null : AdministrationRefusal.NotAllowed, await TryAsync(session));
        Assert.Equal(mayOperatePlatform ? null : AdministrationRefusal.NotAllowed, await TryAsync(session, AdministrationRight.Platform));
    }

    [Fact]
    public async Task Access_AnHourAfterTheSignIn_NeedsAnother()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        var session = await AsAdministratorAsync();

        Clock.Advance(AdministratorAccess.FreshFor);
        Assert.Null(await TryAsync(session));
        Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(AdministrationRefusal.SignInNeeded, await TryAsync(session));
    }

    [Fact]
    public async Task Access_OfSomebodyWithASecondFactor_NeedsIt()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        await AddAuthenticatorAsync();

        Assert.Equal(AdministrationRefusal.SignInNeeded, await TryAsync(await AsAdministratorAsync()));
        Assert.Null(await TryAsync(await AsAdministratorAsync(Assurance.MultiFactor)));
    }

    [Fact]
    public async Task Access_WithASessionOfAnotherTenantOrOfNobody_IsThatOfNobody()
    {
        await GivenAsync(PortalRole.TenantAdministrator);
        var session = await AsAdministratorAsync();
        var other = await Host.CreateTenantAsync("globex");

        Assert.Equal(AdministrationRefusal.SignedOut, await TryAsync(session with { TenantId = other.Id }));
        Assert.Equal(AdministrationRefusal.SignedOut, await TryAsync(session with { SessionId = Guid.NewGuid() }));
    }

    private async Task<AdministrationRefusal?> TryAsync(AdministratorSession session, AdministrationRight right = AdministrationRight.Tenant) =>
        await Host.Services.GetRequiredService<AdministratorAccess>()
            .RunAsync(session, right, (_, _) => Task.FromResult(true), CancellationToken.None) is AdministrationResult<bool>.Refused refused
            ? refused.Reason
            : null;
}
