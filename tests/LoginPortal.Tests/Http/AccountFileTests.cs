using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using LoginPortal.Core.Accounts;
using LoginPortal.Tests.Hosts;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Tests.Http;

/// <summary>Files that go to a person's account and come from it: the picture, and what is held about them.</summary>
public sealed class AccountFileTests : PortalTests
{
    private static readonly byte[] Picture = Convert.FromBase64String(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==");

    private Portal _portal = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _portal = Start(new PortalSettings { Clock = Clock });
    }

    [Fact]
    public async Task Picture_Posted_IsServedForGoodAndCanDoNothing()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();

        var saved = await PostPictureAsync(browser, Picture);
        var address = saved.Document.QuerySelector("img.avatar")!.GetAttribute("src")!;
        var served = await browser.GetAsync($"/t/acme/{address}");

        Assert.Equal("/t/acme/account/profile?picture=saved", saved.Address.PathAndQuery);
        Assert.Equal(
            ("image/png", "max-age=31536000, private, immutable", "default-src 'none'; sandbox", "nosniff"),
            (served.Header("Content-Type"), served.Header("Cache-Control"), served.Header("Content-Security-Policy"), served.Header("X-Content-Type-Options")));
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/t/globex/{address}")).Status);
    }

    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "unknown")]
    [InlineData("", "unknown")]
    public async Task Picture_ThatIsNone_IsRefusedWithWords(string content, string answer)
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();

        var refused = await PostPictureAsync(browser, System.Text.Encoding.UTF8.GetBytes(content));

        Assert.Equal($"/t/acme/account/profile?picture={answer}", refused.Address.PathAndQuery);
        Assert.True(refused.Has(".notice-problem"));
        Assert.False(refused.Has("img.avatar"));
    }

    [Fact]
    public async Task Picture_OfNobody_LeadsToSignIn()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        var form = (await browser.GetAsync("/t/acme/account/profile")).Document;
        Assert.NotNull(form);
        browser.Cookies.Remove("__Host-portal.session");

        var page = await PostPictureAsync(browser, Picture);

        Assert.Equal("/t/acme/sign-in", page.Address.AbsolutePath);
        await _portal.InTenantAsync("acme", async database => Assert.Equal(0, await database.ProfilePictures.CountAsync()));
    }

    [Fact]
    public async Task Data_AfterAFreshSignIn_IsAFileAndLaterAsksForOne()
    {
        using var browser = _portal.OpenBrowser();
        await browser.SignInAsync();
        var form = DownloadOf(await browser.GetAsync("/t/acme/account/data"));

        var file = await browser.PostAsync(form);
        Clock.Advance(AccountSecurity.FreshFor + TimeSpan.FromSeconds(1));
        var stale = await browser.PostAsync(form);

        Assert.Equal(("application/json; charset=utf-8", "no-store"), (file.Header("Content-Type"), file.Header("Cache-Control")));
        Assert.Equal("attachment; filename=\"acme-account.json\"", file.Header("Content-Disposition"));
        Assert.Equal("user@acme.example", JsonDocument.Parse(file.Body).RootElement.GetProperty("account").GetProperty("email").GetString());
        Assert.Equal(("/t/acme/account/data", true), (stale.Address.PathAndQuery, stale.Has("a[href^='sign-in?prompt=login']")));
    }

    private static FormPost DownloadOf(Page page)
    {
        var form = page.Document.QuerySelector("form[action='account/data/download']")!;
        return new FormPost(
            new Uri(page.Address, "/t/acme/account/data/download"),
            [.. form.QuerySelectorAll("input[name]").Select(input => KeyValuePair.Create(input.GetAttribute("name")!, input.GetAttribute("value") ?? ""))]);
    }

    private static async Task<Page> PostPictureAsync(Browser browser, byte[] picture)
    {
        var page = await browser.GetAsync("/t/acme/account/profile");
        var token = page.Document.QuerySelector("input[name='__RequestVerificationToken']")!.GetAttribute("value")!;
        var file = new ByteArrayContent(picture);
        file.Headers.ContentType = new MediaTypeHeaderValue("image/png");
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(page.Address, "/t/acme/account/picture"))
        {
            Content = new MultipartFormDataContent { { new StringContent(token), "__RequestVerificationToken" }, { file, "picture", "me.png" } },
        };
        return await browser.SendAsync(request, follow: true);
    }
}
