using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using LoginPortal.Core.Setup;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Tests.Http;

/// <summary>What OpenID Connect looks like over HTTP.</summary>
public sealed class OpenIdTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    private const string Verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    private const string Callback = "http://localhost:5090/signin-oidc";

    private static readonly Dictionary<string, string> Request = new(StringComparer.Ordinal)
    {
        ["client_id"] = DemoApplications.Web,
        ["redirect_uri"] = Callback,
        ["response_type"] = "code",
        ["scope"] = "openid email",
        ["state"] = "<s>",
        ["code_challenge"] = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        ["code_challenge_method"] = "S256",
    };

    [Fact]
    public async Task Discovery_OfATenant_NamesItsOwnAddresses()
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.GetAsync("/t/acme/.well-known/openid-configuration");

        var metadata = JsonDocument.Parse(page.Body).RootElement;
        Assert.Equal("https://localhost/t/acme", metadata.GetProperty("issuer").GetString());
        foreach (var name in (string[])["authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri", "end_session_endpoint"])
        {
            Assert.StartsWith("https://localhost/t/acme/", metadata.GetProperty(name).GetString(), StringComparison.Ordinal);
        }

        Assert.Equal("*", page.Header("Access-Control-Allow-Origin"));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync("/.well-known/openid-configuration")).Status);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(new Uri(metadata.GetProperty("jwks_uri").GetString()!).AbsolutePath)).Status);
    }

    [Fact]
    public async Task Authorization_OfASignedInPerson_GivesACodeThatBuysTokensOnce()
    {
        using var browser = fixture.Portal.OpenBrowser();
        await browser.SignInAsync();

        var answer = await browser.GetAsync(Address(Request), follow: false);

        Assert.Equal(HttpStatusCode.SeeOther, answer.Status);
        Assert.Equal("no-store", answer.Header("Cache-Control"));
        var query = System.Web.HttpUtility.ParseQueryString(answer.Location!.Query);
        Assert.Equal(("<s>", "https://localhost/t/acme"), (query["state"], query["iss"]));
        var issued = await TokenAsync(browser, query["code"]!, DemoApplications.WebSecret);
        Assert.Equal((HttpStatusCode.OK, "no-store"), (issued.Status, issued.Header("Cache-Control")));
        Assert.Equal(HttpStatusCode.BadRequest, (await TokenAsync(browser, query["code"]!, DemoApplications.WebSecret)).Status);
        var refused = await TokenAsync(browser, query["code"]!, "wrong");
        Assert.Equal(HttpStatusCode.Unauthorized, refused.Status);
        Assert.StartsWith("Basic ", refused.Header("WWW-Authenticate"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorization_AskedForByAScriptOfThePage_SpendsNothing()
    {
        using var browser = fixture.Portal.OpenBrowser();
        await browser.SignInAsync();
        browser.Headers["Accept"] = "text/html; blazor-enhanced-nav=on";

        var looked = await browser.GetAsync(Address(Request), follow: false);

        Assert.Equal((HttpStatusCode.OK, ""), (looked.Status, looked.Body));
        Assert.Null(looked.Header("blazor-enhanced-nav"));
    }

    [Fact]
    public async Task Authorization_AsAForm_IsPostedByAPageWithoutForeignScript()
    {
        using var browser = fixture.Portal.OpenBrowser();
        await browser.SignInAsync();

        var page = await browser.GetAsync(Address(new(Request) { ["response_mode"] = "form_post" }), follow: false);

        var form = page.Form();
        Assert.Equal(new Uri(Callback), form.Target);
        Assert.Equal("<s>", form["state"]);
        Assert.NotNull(form["code"]);
        Assert.DoesNotContain("form-action", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Contains("script-src 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.DoesNotContain("<s>", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Authorization_PostedByAnotherSite_LeavesTheBrowsersOtherSignInsAlone()
    {
        using var browser = fixture.Portal.OpenBrowser();
        await browser.SignInAsync();
        using var foreign = fixture.Portal.OpenBrowser();

        var posted = await foreign.PostAsync(new FormPost(new Uri(foreign.Origin, "/t/acme/connect/authorize"), [.. Request]), follow: false);

        Assert.Equal(HttpStatusCode.SeeOther, posted.Status);
        Assert.False(foreign.Cookies.Has("__Host-portal.browser"));
        var answer = await browser.GetAsync(posted.Location!.PathAndQuery, follow: false);
        Assert.Contains("code=", answer.Body + answer.Location, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.BadRequest, (await browser.GetAsync(posted.Location.PathAndQuery)).Status);
    }

    [Fact]
    public async Task Authorization_ThatNobodyCanBeToldOf_IsAPageInTheTenantsLook()
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.GetAsync(Address(new(Request) { ["redirect_uri"] = "https://evil.example/" }));

        Assert.Equal((HttpStatusCode.BadRequest, "This application cannot sign you in"), (page.Status, page.Heading));
        Assert.True(page.Has("img.brand-logo"));
        Assert.DoesNotContain("evil.example", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task SignOut_WithoutAHint_AsksAndAnotherSiteCannotSayYes()
    {
        using var browser = fixture.Portal.OpenBrowser();
        await browser.SignInAsync();

        var asked = await browser.GetAsync($"/t/acme/connect/logout?client_id={DemoApplications.Web}&post_logout_redirect_uri=http%3A%2F%2Flocalhost%3A5090%2F&state=x");
        Assert.Equal("Sign out?", asked.Heading);
        await browser.PostAsync(asked.Form().Without("__RequestVerificationToken"), follow: false);
        Assert.True(await browser.IsSignedInAsync());

        var left = await browser.PostAsync(asked.Form());
        Assert.Equal("http://localhost:5090/?state=x", left.Document.QuerySelector("a.button")!.GetAttribute("href"));
        Assert.False(await browser.IsSignedInAsync());
    }

    [Fact]
    public async Task UserInfo_WithoutAToken_SaysWhatIsNeededInItsHeader()
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.GetAsync("/t/acme/connect/userinfo");

        Assert.Equal(HttpStatusCode.Unauthorized, page.Status);
        Assert.StartsWith("Bearer", page.Header("WWW-Authenticate"), StringComparison.Ordinal);
        Assert.Equal("application/json", page.Response.Content.Headers.ContentType!.MediaType);
    }

    [Theory]
    [InlineData("http://localhost:5091", true)]
    [InlineData("http://localhost:5090", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("null", false)]
    public async Task TokenEndpoint_IsReadByScriptsOfTheTenantsSinglePageApplicationsAlone(string origin, bool isAllowed)
    {
        using var browser = fixture.Portal.OpenBrowser();
        browser.Headers["Origin"] = origin;

        var preflight = await browser.SendAsync(new HttpRequestMessage(HttpMethod.Options, new Uri(browser.Origin, "/t/acme/connect/token")), follow: false);

        Assert.Equal(isAllowed ? origin : null, preflight.Header("Access-Control-Allow-Origin"));
        Assert.Null(preflight.Header("Access-Control-Allow-Credentials"));
    }

    private static string Address(Dictionary<string, string> request) => "/t/acme/connect/authorize?"
        + string.Join('&', request.Select(parameter => $"{parameter.Key}={Uri.EscapeDataString(parameter.Value)}"));

    private static Task<Page> TokenAsync(Browser browser, string code, string secret)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(browser.Origin, "/t/acme/connect/token"))
        {
            Content = new FormUrlEncodedContent(new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["grant_type"] = "authorization_code", ["code"] = code, ["redirect_uri"] = Callback, ["code_verifier"] = Verifier,
            }),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{DemoApplications.Web}:{secret}")));
        return browser.SendAsync(request, follow: false);
    }
}
