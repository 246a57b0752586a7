using System.Net;
using System.Text.Json;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Tests.Http;

/// <summary>Passkeys over plain HTTP: fresh options, the posted answer, and the documents at well-known addresses.</summary>
public sealed class PasskeyTests : PortalTests
{
    private const string OwnHost = "https://login.acme.example";

    private Portal _portal = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start();
    }

    [Fact]
    public async Task Passkey_PostedWithoutACircuit_IsAddedAndSignsIn()
    {
        using var authenticator = new SoftwareAuthenticator { Origin = "https://localhost" };
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        var add = await browser.GetAsync("/t/acme/account/passkeys/add");
        var (options, ceremony) = await BeginAsync(browser, add);
        var added = await browser.PostAsync(Answer(add, authenticator.Create(options), ceremony));
        Assert.Equal("Your passkey has been added.", added.Text(".notice-success"));
        var again = await browser.PostAsync(Answer(add, authenticator.Create(options), ceremony));
        Assert.Equal("Your account has this passkey already.", again.Text(".problem[data-passkey-refused]"));

        using var other = _portal.OpenBrowser();
        var signIn = await other.GetAsync("/t/acme/sign-in?returnUrl=account%2Fsecurity");
        (options, ceremony) = await BeginAsync(other, signIn);
        var entered = await other.PostAsync(Answer(signIn, authenticator.Get(options), ceremony));

        Assert.Equal(("/t/acme/account/security", "Sign-in and security"), (entered.Address.PathAndQuery, entered.Heading));
    }

    [Fact]
    public async Task Passkey_RefusedWhileAnAddressWasTyped_KeepsTheAddress()
    {
        using var authenticator = new SoftwareAuthenticator { Origin = "https://localhost", UserHandle = "bm9ib2R5" };
        using var browser = _portal.OpenBrowser();
        var signIn = await browser.GetAsync("/t/acme/sign-in");
        var (options, ceremony) = await BeginAsync(browser, signIn);

        var refused = await browser.PostAsync(Answer(signIn, authenticator.Get(options), ceremony).With("username", "half@typ"));

        Assert.Equal("This passkey belongs to no account here. It may have been removed.", refused.Text(".problem[data-passkey-unknown]"));
        Assert.Equal("half@typ", refused.Document.QuerySelector("#username")!.GetAttribute("value"));
    }

    [Fact]
    public async Task Options_WithoutTheFormsToken_AreNotGiven()
    {
        using var browser = _portal.OpenBrowser();
        var form = (await browser.GetAsync("/t/acme/sign-in")).Form("passkey").To(new Uri(browser.Origin, "/t/acme/passkey/options"));

        Assert.Equal(HttpStatusCode.OK, (await browser.PostAsync(form, follow: false)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync(form.Without("__RequestVerificationToken"), follow: false)).Status);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync(form.To(new Uri(browser.Origin, "/t/globex/passkey/options")), follow: false)).Status);
        using var stranger = _portal.OpenBrowser();
        Assert.Equal(HttpStatusCode.SeeOther, (await stranger.PostAsync(form, follow: false)).Status);
    }

    [Fact]
    public async Task Options_OfTheAccount_AreForNobodyWhoIsNotSignedIn()
    {
        using var browser = _portal.OpenBrowser();
        var form = (await browser.GetAsync("/t/acme/sign-in")).Form("passkey").With("flow", "")
            .To(new Uri(browser.Origin, "/t/acme/passkey/options"));

        Assert.Equal(HttpStatusCode.NotFound, (await browser.PostAsync(form, follow: false)).Status);
    }

    [Theory]
    [InlineData("nobody@acme.example")]
    [InlineData("user@acme.example")]
    public async Task PasswordPage_KnownAndUnknown_OffersAPasskeyAlike(string address)
    {
        using var browser = _portal.OpenBrowser();

        var page = await browser.IdentifyAsync("acme", address);
        var (options, _) = await BeginAsync(browser, page);

        Assert.True(page.Has("button[data-passkey='get'][hidden]"));
        Assert.Equal(1, JsonDocument.Parse(options).RootElement.GetProperty("allowCredentials").GetArrayLength());
    }

    [Fact]
    public async Task Tenant_WithoutPasskeys_ShowsNothingOfThem()
    {
        await _portal.InTenantAsync("acme", async database =>
        {
            var tenant = await database.Tenants.SingleAsync(t => t.Slug == "acme");
            tenant.Policy = tenant.Policy with { AllowPasskeys = false };
            await database.SaveChangesAsync();
        });
        using var browser = _portal.OpenBrowser();

        Assert.False((await browser.GetAsync("/t/acme/sign-in")).Has("[data-passkey]"));
        await browser.SignInAsync();
        Assert.False((await browser.GetAsync("/t/acme/account/security")).Has("[data-passkey-owner]"));
        Assert.Equal("/t/acme/account/security", (await browser.GetAsync("/t/acme/account/passkeys/add")).Address.AbsolutePath);
    }

    [Fact]
    public async Task Offer_LeavesOutWhatLeadsElsewhere()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();

        var later = (await browser.GetAsync("/t/acme/account/passkeys/offer?returnUrl=https%3A%2F%2Fevil.example")).Document
            .QuerySelector("a.button-quiet")!.GetAttribute("href");
        Assert.Equal("./", later);
        Assert.Equal("/t/acme/", (await browser.GetAsync("/t/acme/passkey/done?returnUrl=https%3A%2F%2Fevil.example")).Address.AbsolutePath);
    }

    [Fact]
    public async Task WellKnown_Endpoints_LeadToTheTenantsOwnPages()
    {
        using var browser = _portal.OpenBrowser();

        Assert.Equal(
            """{"enroll":"https://localhost/t/acme/account/passkeys/add","manage":"https://localhost/t/acme/account/security"}""",
            (await browser.GetAsync("/t/acme/.well-known/passkey-endpoints")).Body);
        Assert.Equal("""{"enroll":"https://localhost","manage":"https://localhost"}""", (await browser.GetAsync("/.well-known/passkey-endpoints")).Body);
    }

    [Fact]
    public async Task WellKnown_RelatedOrigins_AreAtTheTenantsMainDomainAlone()
    {
        await _portal.InTenantAsync("acme", async database =>
        {
            var tenant = await database.Tenants.SingleAsync(t => t.Slug == "acme");
            foreach (var host in (string[])["login.acme.example", "acme.example"])
            {
                database.TenantDomains.Add(new TenantDomain
                {
                    Id = Guid.NewGuid(), TenantId = tenant.Id, Host = host, IsPrimary = host[0] == 'l', VerifiedAt = DateTimeOffset.UnixEpoch,
                });
            }

            await database.SaveChangesAsync();
        });
        using var own = _portal.OpenBrowser(OwnHost);
        using var further = _portal.OpenBrowser("https://acme.example");
        using var browser = _portal.OpenBrowser();

        var document = await own.GetAsync("/.well-known/webauthn");

        Assert.Equal("""{"origins":["https://login.acme.example","https://acme.example","https://localhost"]}""", document.Body);
        Assert.Equal("application/json; charset=utf-8", document.Header("Content-Type"));
        Assert.Equal(HttpStatusCode.NotFound, (await further.GetAsync("/.well-known/webauthn")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/.well-known/webauthn")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/t/acme/.well-known/webauthn")).Status);
        var (options, _) = await BeginAsync(further, await further.GetAsync("/sign-in"), path: "/passkey/options");
        Assert.Equal("login.acme.example", JsonDocument.Parse(options).RootElement.GetProperty("rpId").GetString());
    }

    private static FormPost Answer(Page page, string credential, string ceremony) =>
        page.Form("passkey").With("credential", credential).With("ceremony", ceremony);

    private static async Task<(string Options, string Ceremony)> BeginAsync(Browser browser, Page page, string path = "/t/acme/passkey/options")
    {
        var answer = JsonDocument.Parse((await browser.PostAsync(page.Form("passkey").To(new Uri(browser.Origin, path)))).Body).RootElement;
        return (answer.GetProperty("options").GetRawText(), answer.GetProperty("ceremony").GetString()!);
    }
}
