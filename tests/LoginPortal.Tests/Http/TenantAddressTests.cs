using System.Net;
using LoginPortal.Core.Tenants;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Tests.Http;

/// <summary>The addresses of a tenant: its path, its own hosts, and nobody else's.</summary>
public sealed class TenantAddressTests : PortalTests
{
    private const string OwnHost = "https://login.acme.example";

    private Portal _portal = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start();
    }

    [Theory]
    [InlineData("/t/acme", "/t/acme/")]
    [InlineData("/t/acme?returnUrl=a%2Fb&x=1", "/t/acme/?returnUrl=a%2Fb&x=1")]
    public async Task TenantPath_WithoutItsSlash_IsRedirectedWithItsQuery(string address, string expected)
    {
        using var browser = _portal.OpenBrowser();

        var page = await browser.GetAsync(address, follow: false);

        Assert.Equal((HttpStatusCode.TemporaryRedirect, expected), (page.Status, page.Location!.PathAndQuery));
    }

    [Theory]
    [InlineData("/t/nobody/sign-in")]
    [InlineData("/t/nobody")]
    [InlineData("/t/nobody/")]
    [InlineData("/t/ACME/sign-in")]
    [InlineData("/t/-acme/sign-in")]
    [InlineData("/t/ac_me/sign-in")]
    [InlineData("/t/acm%C3%A9/sign-in")]
    [InlineData("/t//sign-in")]
    [InlineData("/t/")]
    [InlineData("/t/acme/t/globex/sign-in")]
    [InlineData("/t/aaaaaaaaaabbbbbbbbbbccccccccccddddddddddx/sign-in")]
    [InlineData("/sign-in")]
    [InlineData("/setup")]
    public async Task Address_OfNoTenant_IsNotFoundInHelpfulWords(string address)
    {
        using var browser = _portal.OpenBrowser();

        var page = await browser.GetAsync(address);

        Assert.Equal((HttpStatusCode.NotFound, "There is nothing here"), (page.Status, page.Heading));
        Assert.Equal("Go to the start page", page.Text("main a"));
        Assert.Contains("Check the address", page.Text(".lead"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Tenant_Suspended_IsAnsweredAsIfThereWereNone()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        await _portal.InTenantAsync("acme", database => database.Tenants.Where(tenant => tenant.Slug == "acme")
            .ExecuteUpdateAsync(update => update.SetProperty(tenant => tenant.Status, TenantStatus.Suspended)));

        var (suspended, unknown) = (await browser.GetAsync("/t/acme/"), await browser.GetAsync("/t/nobody/"));

        Assert.Equal((HttpStatusCode.NotFound, "There is nothing here"), (suspended.Status, suspended.Heading));
        Assert.Equal(unknown.Text("main"), suspended.Text("main"));
        Assert.DoesNotContain("Acme", suspended.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OwnHost)]
    [InlineData("https://login.acme.example:8443")]
    public async Task OwnHost_Verified_ServesTheTenantWithoutAPathBase(string origin)
    {
        await AddDomainAsync("login.acme.example", verified: true);
        using var browser = _portal.OpenBrowser(origin);

        var form = (await browser.GetAsync("/sign-in")).Form("identify").With("username", "user@acme.example");
        var password = await browser.PostAsync(form);
        var home = await browser.EnterPasswordAsync(password, Portal.Password);

        Assert.Equal("/", password.Document.QuerySelector("base")!.GetAttribute("href"));
        Assert.Equal(("/", "Hello, Uma User"), (home.Address.PathAndQuery, home.Heading));
    }

    [Theory]
    [InlineData("/t/globex/sign-in")]
    [InlineData("/t/acme/sign-in")]
    [InlineData("/t/globex/")]
    [InlineData("/t/platform/setup")]
    public async Task OwnHost_WithATenantInThePath_IsNotFound(string address)
    {
        await AddDomainAsync("login.acme.example", verified: true);
        using var browser = _portal.OpenBrowser(OwnHost);

        var page = await browser.GetAsync(address);

        Assert.Equal(HttpStatusCode.NotFound, page.Status);
        Assert.DoesNotContain("Globex", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OwnHost_NotVerified_IsMisdirected()
    {
        await AddDomainAsync("login.acme.example", verified: false);
        using var browser = _portal.OpenBrowser(OwnHost);

        Assert.Equal(HttpStatusCode.MisdirectedRequest, (await browser.GetAsync("/sign-in")).Status);
    }

    [Fact]
    public async Task Session_UnderTheNameOfAnotherTenant_OpensNothing()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();

        browser.Cookies["__Host-portal.session.globex"] = browser.Cookies["__Host-portal.session.acme"];

        Assert.False(await browser.IsSignedInAsync("globex"));
        Assert.True(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task SignIn_AtTwoTenantsInOneBrowser_KeepsBothSessions()
    {
        using var browser = _portal.OpenBrowser();

        await browser.SignInAsync();
        await browser.SignInAsync("platform", "operator@portal.example");

        Assert.True(await browser.IsSignedInAsync());
        Assert.True(await browser.IsSignedInAsync("platform"));
    }

    [Fact]
    public async Task BrandAsset_OfAnotherTenant_IsNotFound()
    {
        using var browser = _portal.OpenBrowser();
        var logo = (await browser.GetAsync("/t/acme/sign-in")).Document.QuerySelector(".brand-logo")!.GetAttribute("src");
        var stylesheet = (await browser.GetAsync("/t/acme/sign-in")).Document.QuerySelector("link[href^='brand/']")!.GetAttribute("href");

        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/t/globex/" + logo)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/t/globex/" + stylesheet)).Status);
    }

    [Theory]
    [InlineData("acme", "/t/acme/sign-in")]
    [InlineData("  ACME ", "/t/acme/sign-in")]
    public async Task FindOrganisation_WithItsShortName_LeadsToItsSignIn(string typed, string expected)
    {
        using var browser = _portal.OpenBrowser();

        var page = await browser.PostAsync((await browser.GetAsync("/")).Form("find").With("organisation", typed));

        Assert.Equal((HttpStatusCode.OK, expected), (page.Status, page.Address.PathAndQuery));
    }

    [Theory]
    [InlineData("")]
    [InlineData("no such thing")]
    [InlineData("//evil.example")]
    public async Task FindOrganisation_WithSomethingElse_SaysWhatAShortNameIs(string typed)
    {
        using var browser = _portal.OpenBrowser();

        var page = await browser.PostAsync((await browser.GetAsync("/")).Form("find").With("organisation", typed));

        Assert.Equal("A short name has only small letters, digits and hyphens, such as acme.", page.Text("#organisation-problem"));
    }

    private Task AddDomainAsync(string host, bool verified) => _portal.InTenantAsync("acme", async database =>
    {
        database.TenantDomains.Add(new TenantDomain
        {
            Id = Guid.CreateVersion7(),
            TenantId = (await database.Tenants.SingleAsync(tenant => tenant.Slug == "acme")).Id,
            Host = host,
            VerifiedAt = verified ? TimeProvider.System.GetUtcNow() : null,
        });
        await database.SaveChangesAsync();
    });
}
