using LoginPortal.Tests.Hosts;

namespace LoginPortal.Tests.Http;

/// <summary>Wherever an address says to go after signing in: nobody leaves the tenant.</summary>
public sealed class ReturnUrlTests(PortalFixture fixture) : IClassFixture<PortalFixture>
{
    public static TheoryData<string> Attempts => new(
        "//evil.example",
        "///evil.example",
        "////evil.example/..",
        "https://evil.example",
        "https:evil.example",
        "HTTPS:/evil.example",
        "http:\\\\evil.example",
        "\\\\evil.example",
        "/\\evil.example",
        "\\/evil.example",
        "\t//evil.example",
        " //evil.example",
        "\n//evil.example",
        "/%09/evil.example",
        "%2f%2fevil.example",
        "%2F%2Fevil.example",
        "%5c%5cevil.example",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        "java\nscript:alert(1)",
        "data:text/html,x",
        "/t/globex/",
        "../globex/",
        "../../other-tenant",
        "..%2f..%2fother-tenant",
        "%2e%2e/globex/",
        "%2e%2e%2fglobex/",
        "./../globex/",
        "account/../../globex/",
        "account/..%2f..%2fglobex",
        "a\r\nLocation: https://evil.example",
        "account%0d%0aLocation:%20https://evil.example",
        "@evil.example",
        ".evil.example",
        ";//evil.example",
        "?//evil.example",
        "#//evil.example",
        "user:password@evil.example",
        "\uFEFF//evil.example",
        "／／evil.example",
        "。。/globex/");

    [Theory]
    [MemberData(nameof(Attempts))]
    public async Task SignIn_WithAForeignReturnUrl_StaysInTheTenant(string returnUrl)
    {
        using var browser = fixture.Portal.OpenBrowser();
        var query = "?returnUrl=" + Uri.EscapeDataString(returnUrl);
        var password = await browser.IdentifyAsync("acme", "user@acme.example", query);

        var completed = await browser.PostAsync(password.Form("password").With("password", Portal.Password), follow: false);
        var alreadySignedIn = await browser.GetAsync("/t/acme/sign-in" + query, follow: false);

        Assert.True(browser.Cookies.Has("__Host-portal.session.acme"));
        AssertInside(completed);
        AssertInside(alreadySignedIn);
    }

    [Theory]
    [MemberData(nameof(Attempts))]
    public async Task Complete_WithAForeignReturnUrl_StaysInTheTenant(string returnUrl)
    {
        using var browser = fixture.Portal.OpenBrowser();
        var form = (await browser.GetAsync("/t/acme/sign-in")).Form("identify");
        form = form.Without("_handler").Without("username").To(new Uri(form.Target, "session/complete"))
            .With("ticket", await fixture.Portal.EarnTicketAsync(browser))
            .With("returnUrl", returnUrl);

        var completed = await browser.PostAsync(form, follow: false);

        Assert.True(browser.Cookies.Has("__Host-portal.session.acme"));
        AssertInside(completed);
    }

    [Theory]
    [InlineData("account", "/t/acme/account")]
    [InlineData("account?tab=1&x=%2F", "/t/acme/account?tab=1&x=%2F")]
    [InlineData("connect/authorize?redirect_uri=https%3A%2F%2Fapp.example%2Fback", "/t/acme/connect/authorize?redirect_uri=https%3A%2F%2Fapp.example%2Fback")]
    [InlineData(null, "/t/acme/")]
    public async Task SignIn_WithAReturnUrlOfTheTenant_LeadsThere(string? returnUrl, string expected)
    {
        using var browser = fixture.Portal.OpenBrowser();
        var query = returnUrl is null ? "" : "?returnUrl=" + Uri.EscapeDataString(returnUrl);
        var password = await browser.IdentifyAsync("acme", "user@acme.example", query);

        var completed = await browser.PostAsync(password.Form("password").With("password", Portal.Password), follow: false);

        Assert.Equal(expected, completed.Location!.PathAndQuery);
    }

    /// <summary>As a browser resolves it: backslashes are slashes to it, and it drops tabs and line ends.</summary>
    private static void AssertInside(Page page)
    {
        Assert.True((int)page.Status is 302 or 303, $"{(int)page.Status} {page.Body}");
        var raw = page.Header("Location")!;
        Assert.DoesNotContain('\\', raw);
        Assert.DoesNotContain(raw, char.IsControl);
        Assert.Equal("https://localhost", page.Location!.GetLeftPart(UriPartial.Authority));
        Assert.StartsWith("/t/acme/", Uri.UnescapeDataString(page.Location.AbsolutePath), StringComparison.Ordinal);
        Assert.DoesNotContain("..", Uri.UnescapeDataString(page.Location.AbsolutePath), StringComparison.Ordinal);
    }
}
