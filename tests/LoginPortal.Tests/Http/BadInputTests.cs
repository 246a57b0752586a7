using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using LoginPortal.Tests.Hosts;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoginPortal.Tests.Http;

/// <summary>Whatever is sent to the sign-in: the answer is a page that helps, and never an error of the portal's.</summary>
public sealed class BadInputTests(BadInputTests.Fixture fixture) : IClassFixture<BadInputTests.Fixture>
{
    /// <summary>As people meet it: in Development the framework explains to programmers what is wrong with a form.</summary>
    public sealed class Fixture : PortalFixture
    {
        internal override PortalSettings Settings => new() { Environment = Environments.Production, OnNetwork = true };
    }

    private const string FormType = "application/x-www-form-urlencoded";

    [Theory]
    [InlineData("identify", "username")]
    [InlineData("identify", "_handler")]
    [InlineData("password", "password")]
    [InlineData("password", "_handler")]
    public async Task Post_WithoutAField_IsAnsweredWithAPage(string form, string field)
    {
        using var browser = fixture.Portal.OpenBrowser();
        var valid = await FormAsync(browser, form);

        AssertUsable(await browser.PostAsync(valid.Without(field)));
    }

    [Theory]
    [InlineData("identify", "username")]
    [InlineData("identify", "__RequestVerificationToken")]
    [InlineData("password", "password")]
    public async Task Post_WithThreeHundredKilobytes_IsRefusedWithAPage(string form, string field)
    {
        using var browser = fixture.Portal.OpenBrowser();
        var valid = await FormAsync(browser, form);

        var page = await browser.PostAsync(valid.With(field, new string('x', 300 * 1024)), follow: false);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, page.Status);
        Assert.Equal("That did not work", page.Heading);
    }

    [Theory]
    [InlineData("%ED%A0%80")]
    [InlineData("%ED%B0%80%ED%A0%80")]
    [InlineData("a%ED%A0%80%40acme.example")]
    [InlineData("%FF%FE")]
    [InlineData("%C0%80")]
    [InlineData("%F5%80%80%80")]
    [InlineData("%00")]
    [InlineData("user%00%40acme.example")]
    [InlineData("%")]
    [InlineData("%zz")]
    [InlineData("%E2%80%AEuser%40acme.example")]
    [InlineData("%0D%0ASet-Cookie%3A%20a%3Db")]
    [InlineData("%3Cscript%3Ealert(1)%3C%2Fscript%3E%40acme.example")]
    public async Task Post_WithAnOddValue_IsAnsweredWithAPage(string encoded)
    {
        using var browser = fixture.Portal.OpenBrowser();
        foreach (var (form, field) in new[] { ("identify", "username"), ("password", "password") })
        {
            var valid = await FormAsync(browser, form);

            var page = await PostRawAsync(browser, valid.Target, $"{Encode(valid.Without(field))}&{field}={encoded}", FormType);

            AssertUsable(page);
            Assert.DoesNotContain("<script>alert", page.Body, StringComparison.Ordinal);
            Assert.Null(page.Header("a"));
        }
    }

    [Theory]
    [InlineData("application/json", "{\"username\":\"user@acme.example\"}")]
    [InlineData("text/plain", "username=user@acme.example")]
    [InlineData("multipart/form-data", "no boundary")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"username\"\r\n\r\ncut off")]
    [InlineData("application/octet-stream", "\u0001\u0002\u0003")]
    [InlineData(FormType, "")]
    [InlineData(FormType, "&&&===&&")]
    [InlineData(null, "username=user@acme.example")]
    public async Task Post_OfAnotherContentType_IsAnsweredWithAPage(string? contentType, string body)
    {
        using var browser = fixture.Portal.OpenBrowser();
        var target = (await FormAsync(browser, "identify")).Target;

        AssertUsable(await PostRawAsync(browser, target, body, contentType));
    }

    [Theory]
    [InlineData("?flow=garbage")]
    [InlineData("?flow=")]
    [InlineData("?flow=00000000-0000-0000-0000-000000000000")]
    [InlineData("?flow=11111111-1111-1111-1111-111111111111&flow=22222222-2222-2222-2222-222222222222")]
    [InlineData("?flow=%00")]
    [InlineData("?flow=%ED%A0%80")]
    [InlineData("?returnUrl=%00&login_hint=%ED%A0%80&signed-out=%FF")]
    [InlineData("?ui_locales=%00%20xx%20%ED%A0%80")]
    [InlineData("?ui_locales=de-DE-x-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [InlineData("?login_hint=%3Cscript%3Ealert(1)%3C%2Fscript%3E")]
    [InlineData("?a[]=1&a[0][b]=2&&=&%=%")]
    public async Task Get_WithOddParameters_IsAnsweredWithAPage(string query)
    {
        using var browser = fixture.Portal.OpenBrowser();

        var page = await browser.GetAsync("/t/acme/sign-in" + query);

        AssertUsable(page);
        Assert.DoesNotContain("<script>alert", page.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_WithFieldsTwice_IsAnsweredWithAPage()
    {
        using var browser = fixture.Portal.OpenBrowser();
        var form = await FormAsync(browser, "identify");

        AssertUsable(await PostRawAsync(browser, form.Target, $"{Encode(form)}&username=a%40acme.example&username=b%40acme.example&_handler=password", FormType));
    }

    [Theory]
    [InlineData("Accept-Language", "de;q=abc, \u0001, ,,;q=1, xx-yy-zz;q=99999999999999999999")]
    [InlineData("Cookie", "__Host-portal.session.acme=garbage; __Host-portal.browser.acme=; __Host-portal.antiforgery=x; __Host-portal.language=%00")]
    [InlineData("Cookie", "__Host-portal.session.acme=chunks-9; __Host-portal.language=../../../etc")]
    [InlineData("User-Agent", "<script>alert(1)</script>")]
    public async Task Get_WithAnOddHeader_IsAnsweredWithAPage(string header, string value)
    {
        using var browser = fixture.Portal.OpenBrowser();
        browser.Headers[header] = value;

        AssertUsable(await browser.GetAsync("/t/acme/sign-in"));
    }

    /// <summary>Always the same requests: whoever sees it fail can see it fail again.</summary>
    [Fact]
    public async Task Post_OfManyMutilatedForms_NeverFails()
    {
        var random = new Random(20_310_314);
        using var browser = fixture.Portal.OpenBrowser();
        var forms = new[] { await FormAsync(browser, "identify"), await FormAsync(browser, "password") };
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var form = forms[random.Next(forms.Length)];
            var body = Mutilate(Encode(form), random);
            var target = new UriBuilder(form.Target);
            if (random.Next(4) == 0)
            {
                target.Query = Mutilate(target.Query.TrimStart('?') + "&returnUrl=account", random);
            }

            var page = await PostRawAsync(browser, target.Uri, body, FormType);

            Assert.True((int)page.Status < 500, $"Attempt {attempt}: {(int)page.Status} for {target.Uri} and {body}");
            AssertUsable(page);
        }

        Assert.DoesNotContain(fixture.Portal.Log.Entries, entry => entry.Level >= LogLevel.Error);
    }

    private static string Mutilate(string text, Random random)
    {
        var result = new StringBuilder(text);
        for (var cut = random.Next(1, 6); cut > 0 && result.Length > 4; cut--)
        {
            var at = random.Next(result.Length);
            switch (random.Next(5))
            {
                case 0:
                    result.Remove(at, Math.Min(random.Next(1, 30), result.Length - at));
                    break;
                case 1:
                    result.Insert(at, "%" + random.Next(256).ToString("X2", CultureInfo.InvariantCulture));
                    break;
                case 2:
                    result.Insert(at, "&=%;+#"[random.Next(6)]);
                    break;
                case 3:
                    result.Insert(at, "%ED%A0%80");
                    break;
                default:
                    result.Append('&').Append(text.Split('&')[random.Next(text.Split('&').Length)]);
                    break;
            }
        }

        return result.ToString();
    }

    private static string Encode(FormPost form) =>
        string.Join('&', form.Fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));

    private static async Task<FormPost> FormAsync(Browser browser, string form) => form == "identify"
        ? (await browser.GetAsync("/t/acme/sign-in")).Form("identify").With("username", $"{Guid.NewGuid():N}@acme.example")
        : (await browser.IdentifyAsync("acme", $"{Guid.NewGuid():N}@acme.example")).Form("password").With("password", "wrong-but-long-enough");

    private static Task<Page> PostRawAsync(Browser browser, Uri target, string body, string? contentType)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        content.Headers.ContentType = contentType is null ? null : MediaTypeHeaderValue.Parse(contentType);
        return browser.SendAsync(new HttpRequestMessage(HttpMethod.Post, target) { Content = content }, follow: true);
    }

    private static void AssertUsable(Page page)
    {
        Assert.True((int)page.Status is 200 or (>= 400 and < 500), $"{(int)page.Status} at {page.Address}");
        Assert.StartsWith("text/html", page.Header("Content-Type"), StringComparison.Ordinal);
        Assert.NotEqual("", page.Heading);
        Assert.True(page.Has("main form, main a"), page.Body);
        SecurityHeadersTests.AssertProtected(page);
    }
}
