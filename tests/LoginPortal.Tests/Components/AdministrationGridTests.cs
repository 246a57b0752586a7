using System.Runtime.CompilerServices;
using System.Security.Claims;
using Bunit;
using LoginPortal.Components.Administration.Activity;
using LoginPortal.Components.Administration.People;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.SessionEndpoints;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Radzen;

namespace LoginPortal.Tests.Components;

/// <summary>The grids of people and of the audit log in a circuit, over Core and a database.</summary>
public sealed class AdministrationGridTests : ComponentTests, IAsyncLifetime
{
    private const string Admin = "admin@acme.example";

    private readonly StrongBox<CoreHost> _host;
    private TestDatabase _database = null!;
    private TenantProfile _tenant = null!;
    private PortalUser _admin = null!;

    public AdministrationGridTests()
        : this(new StrongBox<CoreHost>())
    {
    }

    private AdministrationGridTests(StrongBox<CoreHost> host)
        : base(services => services
            .AddRadzenComponents()
            .AddSingleton(_ => host.Value!.Services.GetRequiredService<AccountDirectory>())
            .AddSingleton(_ => host.Value!.Services.GetRequiredService<AccountAdministration>())
            .AddSingleton(_ => host.Value!.Services.GetRequiredService<AuditTrail>())) => _host = host;

    private CoreHost Node => _host.Value!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        _host.Value = new CoreHost(_database, Clock);
        _tenant = await Node.CreateTenantAsync("acme");
        _admin = await Node.CreateUserAsync(_tenant, Admin, password: null, user => user.Role = PortalRole.TenantAdministrator);
        Tenant.Set(_tenant);
        JSInterop.Mode = JSRuntimeMode.Loose;
        await SignInAsync();
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        await Node.DisposeAsync();
        await _database.DisposeAsync();
    }

    [Fact]
    public async Task People_InTheGrid_AreSearchedSortedAndPagedByTheAddress()
    {
        for (var number = 0; number < 30; number++)
        {
            await AddAsync($"person{number:00}@acme.example", user => (user.GivenName, user.FamilyName) = ($"Given{number}", $"Family{29 - number:00}"));
        }

        var page = Render<PeoplePage>();
        page.WaitForAssertion(() => Assert.Equal(25, page.FindAll("tbody tr").Count));
        Assert.Contains("31 people", page.Markup, StringComparison.Ordinal);
        Assert.Equal("E-mail address ↑sorted upwards", page.Find("th:has(.sort-link .visually-hidden) .sort-link").TextContent);

        page.Find("a[rel=next]");
        await GoAsync(page, page.Find("a[rel=next]").GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Equal(6, page.FindAll("tbody tr").Count));
        Assert.Empty(page.FindAll("a[rel=next]"));
        await GoAsync(page, page.Find("a[rel=prev]").GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Equal(25, page.FindAll("tbody tr").Count));

        await GoAsync(page, page.FindAll(".sort-link")[0].GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Equal("Name ↑sorted upwards", page.Find("th:has(.sort-link .visually-hidden) .sort-link").TextContent));
        Assert.Equal("Given29 Family00", page.FindAll("tbody .person-link")[1].TextContent);

        page.Find("#q").Change("given2");
        await page.Find("form[role=search]").SubmitAsync();
        Assert.EndsWith("admin/people?q=given2&sort=Name", Services.GetNavigation().History.First().Uri, StringComparison.Ordinal);
        await GoAsync(page, Services.GetNavigation().Uri);
        page.WaitForAssertion(() => Assert.Equal(11, page.FindAll("tbody tr").Count));
        Assert.Equal("Given2 Family27", page.FindAll("tbody .person-link")[0].TextContent);

        // Only the address knows what is shown: reloaded, it is the same, and nonsense in it is no error.
        await GoAsync(page, "admin/people?q=nobody&state=nonsense&from=made-up&sort=7");
        page.WaitForAssertion(() => Assert.StartsWith("Nobody matches.", page.Find(".empty").TextContent.Trim(), StringComparison.Ordinal));
        Assert.Contains("0 people", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task People_WithHostileNames_AreTextAndTheirMenusOfferWhatCanBeDone()
    {
        await AddAsync("eve@acme.example", user => (user.GivenName, user.DisabledAt, user.EmailConfirmed) = ("<img src=x onerror=alert(1)>", Clock.GetUtcNow(), false));

        var page = Render<PeoplePage>();

        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll("tbody tr").Count));
        Assert.Empty(page.FindAll("img"));
        Assert.Equal(["Administrator", "No second factor", "Disabled", "Not confirmed", "No second factor"], page.FindAll("tbody .tag").Select(tag => tag.TextContent.Trim()));
        Assert.Equal(["End sessions", "Change role", "Enable", "Delete"], page.FindAll("tbody .menu button").Select(button => button.TextContent.Trim()));
        Assert.Equal("Actions for <img src=x onerror=alert(1)>", page.FindAll("tbody .menu-button")[1].GetAttribute("aria-label"));
    }

    [Fact]
    public async Task Refusal_WhilePeopleAreShown_KeepsThemAndLeadsToAFreshSignIn_AndToNothingOnceTheRoleIsGone()
    {
        var page = Render<PeoplePage>();
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));

        Clock.Advance(AdministratorAccess.FreshFor + TimeSpan.FromMinutes(1));
        await TouchSessionAsync();
        page.Find("#q").Change("ad");
        await GoAsync(page, "admin/people?q=ad");

        page.WaitForAssertion(() => Assert.Contains("This was not done", page.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Equal("sign-in?prompt=login&returnUrl=admin%2Fpeople%3Fq%3Dad", page.Find("[role=alert] a").GetAttribute("href"));
        Assert.Equal("People", page.Find("h1").TextContent);
        Assert.Equal("ad", page.Find("#q").GetAttribute("value"));

        var other = await FreshlyAsync();
        await using (var scope = Node.OpenTenant(_tenant))
        {
            await scope.Database.Users.ExecuteUpdateAsync(update => update.SetProperty(user => user.Role, PortalRole.Member));
        }

        await GoAsync(other, "admin/people?q=x");
        other.WaitForAssertion(() => Assert.Equal("You may not see this page", other.Find("h1").TextContent));
        Assert.Empty(other.FindAll("tbody tr"));
    }

    [Fact]
    public async Task Audit_InTheGrid_IsFilteredPagedAndToldInWordsWithItsDifference()
    {
        var events = Node.Services.GetRequiredService<SecurityEventWriter>();
        await using (var scope = Node.OpenTenant(_tenant))
        {
            for (var number = 0; number < 60; number++)
            {
                Clock.Advance(TimeSpan.FromSeconds(1));
                events.Record(
                    scope.Database, _tenant.Id, number % 2 == 0 ? SecurityEventKind.RoleChanged : SecurityEventKind.SignIn, SecurityEventOutcome.Success, Visit.Facts, _admin.Id, _admin.Id,
                    differences: number % 2 == 0 ? AuditDifference.Between(new { Role = PortalRole.Member }, new { Role = PortalRole.TenantAdministrator }) : null);
            }

            await scope.Database.SaveChangesAsync();
        }

        var page = Render<AuditPage>();
        page.WaitForAssertion(() => Assert.Equal(50, page.FindAll("details.event").Count));
        await GoAsync(page, page.Find("a[rel=next]").GetAttribute("href")!);
        page.WaitForAssertion(() => Assert.Equal(10, page.FindAll("details.event").Count));
        Assert.Single(page.FindAll("nav a"));

        page.Find("#kind").Change(SecurityEventKind.RoleChanged);
        page.Find("#person").Change(Admin);
        await page.Find("form[role=search]").SubmitAsync();
        Assert.EndsWith("admin/audit?kind=role_changed&person=admin@acme.example", Services.GetNavigation().Uri, StringComparison.Ordinal);
        await GoAsync(page, Services.GetNavigation().Uri);
        page.WaitForAssertion(() => Assert.Equal(30, page.FindAll("details.event").Count));
        Assert.Equal("Role changed", page.Find("details.event summary").TextContent.Trim());
        Assert.Equal(["role", "\"member\"", "\"tenantAdministrator\""], page.FindAll("details.event tbody tr")[0].Children.Select(cell => cell.TextContent));
        Assert.Equal("role_changed", page.Find("form[action='admin/audit/export'] input[name=kind]").GetAttribute("value"));

        await GoAsync(page, "admin/audit?person=nobody%40acme.example&since=2026-99-99&from=x");
        page.WaitForAssertion(() => Assert.Contains("Nobody has this address.", page.Markup, StringComparison.Ordinal));
        await GoAsync(page, "admin/audit?until=2001-01-01");
        page.WaitForAssertion(() => Assert.StartsWith("No event matches.", page.Find(".empty").TextContent.Trim(), StringComparison.Ordinal));
    }

    private async Task<IRenderedComponent<PeoplePage>> FreshlyAsync()
    {
        await SignInAsync();
        Services.GetNavigation().NavigateTo("admin/people");
        var page = Render<PeoplePage>();
        page.WaitForAssertion(() => Assert.Single(page.FindAll("tbody tr")));
        return page;
    }

    /// <summary>What a link of the page does in a circuit.</summary>
    private async Task GoAsync<TPage>(IRenderedComponent<TPage> page, string address)
        where TPage : IComponent
    {
        if (!Services.GetNavigation().Uri.EndsWith(address, StringComparison.Ordinal))
        {
            await page.InvokeAsync(() => Services.GetNavigation().NavigateTo(address));
        }

        page.Render();
    }

    private Task<PortalUser> AddAsync(string address, Action<PortalUser> configure) => Node.CreateUserAsync(_tenant, address, password: null, configure);

    private async Task TouchSessionAsync()
    {
        await using var scope = Node.OpenTenant(_tenant);
        var now = Clock.GetUtcNow();
        await scope.Database.Sessions.ExecuteUpdateAsync(update => update.SetProperty(session => session.LastSeenAt, now));
    }

    private async Task SignInAsync()
    {
        await using var scope = Node.OpenTenant(_tenant);
        var now = Clock.GetUtcNow();
        var session = new Session
        {
            Id = Guid.CreateVersion7(now), TenantId = _tenant.Id, UserId = _admin.Id, TokenHash = Secret.Hash(Secret.Create()), CreatedAt = now, AuthenticatedAt = now, LastSeenAt = now,
            ExpiresAt = now.AddDays(1), IdleSeconds = 3600, IsRemembered = false, AuthenticationMethods = [AuthenticationMethod.Password],
            AuthenticationContextClass = Assurance.SingleFactor, DeviceLabel = "",
        };
        scope.Database.Sessions.Add(session);
        await scope.Database.SaveChangesAsync();
        Person.Become(new ClaimsPrincipal(new ClaimsIdentity(
            [
                new Claim("sub", _admin.Id.ToString()), new Claim("sid", session.Id.ToString()), new Claim(SessionClaims.TenantId, _tenant.Id.ToString()), new Claim("email", Admin),
                new Claim("name", Admin), new Claim("role", nameof(PortalRole.TenantAdministrator)), new Claim("auth_time", "0"),
            ],
            "test")));
    }
}
