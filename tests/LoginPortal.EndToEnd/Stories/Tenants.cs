using LoginPortal.Core.Tenants;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.EntityFrameworkCore;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>One portal, several organisations.</summary>
public abstract class Tenants(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    [Fact]
    public async Task Session_OfAnotherTenant_MeansNothing()
    {
        var visitor = await ArriveAsync();
        var home = await visitor.SignInAsync("user@acme.example");

        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync("/t/globex/");
        await new SignInPage(tab).ShownAsync();

        await home.Tab.ReloadAsync(home);
    }

    [Fact]
    public async Task Sessions_InTwoTenants_LiveSideBySide()
    {
        var visitor = await ArriveAsync();
        var acme = await visitor.SignInAsync("user@acme.example");
        var globex = await visitor.SignInAsync("admin@globex.example", "globex");

        await Expect(globex.Heading).ToHaveTextAsync("Hello, Adam Admin");
        await globex.SignOutAsync();

        await acme.Tab.ReloadAsync(acme);
        await Expect(acme.Heading).ToHaveTextAsync("Hello, Uma User");
    }

    [Fact]
    public async Task Account_OfAnotherTenant_IsUnknown()
    {
        var visitor = await ArriveAsync();

        var password = await (await visitor.OpenSignInAsync("globex")).ContinueAsync("user@acme.example");
        await password.SubmitRefusedAsync(Core.Setup.DemoData.Password);

        await password.PasswordField.ExpectProblemAsync("Address and password do not match. Check both, then try again.");
    }

    [Fact]
    public async Task Tenant_Unknown_IsNotFoundAndLeadsToTheStart()
    {
        var visitor = await ArriveAsync();
        visitor.Provoke("status of 404");
        var tab = await visitor.OpenTabAsync();

        var response = await tab.GoToAsync("/t/nowhere/sign-in");

        Assert.Equal(404, response?.Status);
        var page = await new MessagePage(tab, "Status.404.Title").ShownAsync();
        await Expect(page.Page.GetByText("Check the address that you were given.")).ToBeVisibleAsync();
        await page.GoHomeAsync();
        var find = await new FindPage(tab).ShownAsync();
        await find.FindAsync("acme");
    }

    [Fact]
    public async Task TenantHome_Unknown_IsNotFound()
    {
        var visitor = await ArriveAsync();
        visitor.Provoke("status of 404");
        var tab = await visitor.OpenTabAsync();

        var response = await tab.GoToAsync("/t/nowhere/");

        Assert.Equal(404, response?.Status);
        await new MessagePage(tab, "Status.404.Title").ShownAsync();
    }

    [Fact]
    public async Task Tenant_Suspended_IsNotFound()
    {
        await Portal.AddTenantAsync("gone", configure: tenant => tenant.Status = TenantStatus.Suspended);
        var visitor = await ArriveAsync();
        visitor.Provoke("status of 404");
        var tab = await visitor.OpenTabAsync();

        var response = await tab.GoToAsync("/t/gone/sign-in");

        Assert.Equal(404, response?.Status);
        await new MessagePage(tab, "Status.404.Title").ShownAsync();
    }

    [Fact]
    public async Task Tenant_SuspendedDuringSignIn_IsNotFound()
    {
        await Portal.AddTenantAsync("closing");
        await Portal.AddUserAsync("closing", "user@closing.example");
        var visitor = await ArriveAsync();
        visitor.Provoke("status of 404");
        var home = await visitor.SignInAsync("user@closing.example", "closing");
        await Portal.ChangeAsync("closing", async (database, profile) =>
            (await database.Tenants.SingleAsync(tenant => tenant.Id == profile.Id)).Status = TenantStatus.Suspended);

        await home.Tab.ReloadAsync(new MessagePage(home.Tab, "Status.404.Title"));
    }

    [Fact]
    public async Task Page_Unknown_IsNotFoundInTheTenantsLook()
    {
        var visitor = await ArriveAsync();
        visitor.Provoke("status of 404");
        var tab = await visitor.OpenTabAsync();

        var response = await tab.GoToAsync("/t/acme/no-such-page");

        Assert.Equal(404, response?.Status);
        var page = await new MessagePage(tab, "Status.404.Title").ShownAsync();
        await Expect(page.Page.GetByRole(Microsoft.Playwright.AriaRole.Img, new() { Name = "Acme" })).ToBeVisibleAsync();
        await page.GoHomeAsync();
        await new SignInPage(tab).ShownAsync();
    }

    [Fact]
    public async Task Find_ShortName_LeadsToTheSignIn()
    {
        var visitor = await ArriveAsync();
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync("/");
        var find = await new FindPage(tab).ShownAsync();
        await Expect(find.OrganisationField).ToBeFocusedAsync();

        await find.FindMalformedAsync("Acme & Co.");
        await find.OrganisationField.ExpectProblemAsync("A short name has only small letters, digits and hyphens, such as acme.");
        var start = await find.FindAsync(" Globex ");

        await Expect(start.Page).ToHaveURLAsync(Portal.Address("/t/globex/sign-in"));
    }

    [Fact]
    public async Task OwnDomain_Verified_ServesTheTenantAtItsRoot()
    {
        const string host = "login.own-domain.localhost";
        await AddDomainTenantAsync("own-domain", host, Portal.Clock.GetUtcNow());
        var visitor = await ArriveAsync();
        var tab = await visitor.OpenTabAsync();

        await tab.GoToAsync("/", host);
        var start = await new SignInPage(tab).ShownAsync();
        Assert.StartsWith(Portal.Address("/sign-in", host), tab.Page.Url, StringComparison.Ordinal);
        var password = await start.ContinueAsync("user@own-domain.example");
        await password.SubmitRefusedAsync();
        var home = await password.SignInAsync();

        await Expect(home.Page).ToHaveURLAsync(Portal.Address("/", host));
        Assert.All(await visitor.Context.CookiesAsync(), cookie => Assert.Equal(host, cookie.Domain));
        await Expect((await home.SignOutAsync()).Notice).ToHaveTextAsync("You are signed out.");
    }

    [Fact]
    public async Task OwnDomain_NotVerified_IsServedByNobody()
    {
        const string host = "login.only-claimed.localhost";
        await AddDomainTenantAsync("only-claimed", host, verifiedAt: null);
        var visitor = await ArriveAsync();
        visitor.Provoke("status of 421");
        visitor.Provoke("favicon.ico");
        var tab = await visitor.OpenTabAsync();

        var response = await tab.GoToAsync("/sign-in", host);

        Assert.Equal(421, response?.Status);
    }

    private async Task AddDomainTenantAsync(string slug, string host, DateTimeOffset? verifiedAt)
    {
        await Portal.AddTenantAsync(slug, configure: tenant => tenant.Domains.Add(new TenantDomain
        {
            Id = Guid.CreateVersion7(),
            TenantId = tenant.Id,
            Host = host,
            VerifiedAt = verifiedAt,
            IsPrimary = true,
        }));
        await Portal.AddUserAsync(slug, $"user@{slug}.example");
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Tenants(portal, chromium, Way.InCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Tenants(portal, chromium, Way.WithoutJavaScript);
}
