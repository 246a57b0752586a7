using System.Net;
using LoginPortal.Tests.Hosts;

namespace LoginPortal.Tests.Http;

/// <summary>A draft of branding is drawn for administrators alone, in a frame of this origin alone, and cannot be used.</summary>
public sealed class BrandingPreviewTests : PortalTests
{
    private const string Preview = "/t/acme/admin/branding/preview/";
    private Portal _portal = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start(new PortalSettings { Clock = Clock });
    }

    [Theory]
    [InlineData("sign-in")]
    [InlineData("style.css")]
    [InlineData("mail")]
    public async Task Preview_ToOthers_IsForbidden(string page)
    {
        using var stranger = _portal.OpenBrowser();
        using var member = _portal.OpenBrowser();
        await member.SignInAsync();

        Assert.Equal(HttpStatusCode.Forbidden, (await stranger.GetAsync(Preview + page)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await member.GetAsync(Preview + page)).Status);
    }

    [Fact]
    public async Task Preview_ToAnAdministrator_MayBeFramedHereAndTakesNoPost()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync("acme", "admin@acme.example");

        var page = await browser.GetAsync(Preview + "sign-in");

        Assert.Equal((HttpStatusCode.OK, "SAMEORIGIN"), (page.Status, page.Header("X-Frame-Options")));
        Assert.Contains("frame-ancestors 'self'", page.Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal("DENY", (await browser.GetAsync("/t/acme/account")).Header("X-Frame-Options"));
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await browser.PostAsync(page.Form("identify").With("username", "user@acme.example"))).Status);
    }
}
