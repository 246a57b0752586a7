using LoginPortal.Core.Setup;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>What a signed-in browser holds, and how that ends.</summary>
public abstract class Sessions(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string SessionCookie = "__Host-portal.session.acme";

    [Fact]
    public async Task Cookies_AfterSignIn_AreOfThisHostOnlyAndOutOfReach()
    {
        var visitor = await ArriveAsync();
        var start = await visitor.OpenSignInAsync();
        await start.SwitchLanguageAsync(start, "English", "en");
        await (await start.ContinueAsync("user@acme.example")).SignInAsync();

        var cookies = await visitor.Context.CookiesAsync();

        Assert.Equal(
            ["__Host-portal.antiforgery", "__Host-portal.browser.acme", "__Host-portal.language", SessionCookie],
            cookies.Select(cookie => cookie.Name).Order(StringComparer.Ordinal));
        Assert.All(cookies, cookie =>
        {
            Assert.True(cookie.Secure, cookie.Name);
            Assert.True(cookie.HttpOnly, cookie.Name);
            Assert.Equal(SameSiteAttribute.Lax, cookie.SameSite);
            Assert.Equal("/", cookie.Path);
            Assert.Equal("localhost", cookie.Domain);
        });
    }

    [Fact]
    public async Task Addresses_DuringSignIn_HoldNoSecret()
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await password.SubmitRefusedAsync();
        var home = await password.SignInAsync();
        var secrets = (await visitor.Context.CookiesAsync()).Select(cookie => cookie.Value)
            .Append(DemoData.Password).Append(PasswordPage.WrongPassword).Append("user@acme.example").ToList();
        await home.SignOutAsync();

        Assert.All(
            visitor.Addresses.Select(Uri.UnescapeDataString),
            address => Assert.DoesNotContain(secrets, secret => address.Contains(secret, StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(visitor.Addresses, address => address.Contains("ticket", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task SignIn_NotRemembered_EndsWithTheBrowser()
    {
        var visitor = await ArriveAsync();

        await visitor.SignInAsync("user@acme.example");

        Assert.Equal(-1, (await SessionCookieOfAsync(visitor)).Expires);
    }

    [Fact]
    public async Task SignIn_Remembered_OutlivesTheBrowser()
    {
        var visitor = await ArriveAsync();

        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await password.SubmitRefusedAsync();
        await password.RememberBox.CheckAsync();
        await password.SignInAsync();

        var expires = DateTimeOffset.FromUnixTimeSeconds((long)(await SessionCookieOfAsync(visitor)).Expires);
        Assert.InRange(expires - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(29.9), TimeSpan.FromDays(30.1));
    }

    [Fact]
    public async Task SignIn_WrongPassword_KeepsRememberTicked()
    {
        var visitor = await ArriveAsync();

        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await password.RememberBox.CheckAsync();
        await password.SubmitRefusedAsync();

        await Expect(password.RememberBox).ToBeCheckedAsync();
    }

    [Fact]
    public async Task SignOut_CookieKeptElsewhere_OpensNothing()
    {
        var visitor = await ArriveAsync();
        var home = await visitor.SignInAsync("user@acme.example");
        var thief = await ArriveAsync();
        await thief.Context.AddCookiesAsync((await visitor.Context.CookiesAsync()).Select(cookie => new Cookie
        {
            Name = cookie.Name,
            Value = cookie.Value,
            Domain = cookie.Domain,
            Path = cookie.Path,
            Secure = true,
        }));
        var copy = await thief.OpenTabAsync();
        await copy.GoToAsync("/t/acme/");
        await new HomePage(copy).ShownAsync();

        var start = await home.SignOutAsync();

        await Expect(start.Notice).ToHaveTextAsync("You are signed out.");
        await copy.GoToAsync("/t/acme/");
        await new SignInPage(copy).ShownAsync();
    }

    [Fact]
    public async Task SignOut_PressedAgainInStaleTab_ShowsSignIn()
    {
        var visitor = await ArriveAsync(Way.HasCircuit ? Way.BeforeCircuit : Way);
        var home = await visitor.SignInAsync("user@acme.example");
        var other = await visitor.OpenTabAsync();
        await other.GoToAsync("/t/acme/");
        var stale = await new HomePage(other).ShownAsync();

        await home.SignOutAsync();

        await stale.SignOutAsync();
    }

    [Fact]
    public async Task SignIn_AsSomebodyElseAfterwards_ShowsThem()
    {
        var visitor = await ArriveAsync();
        var home = await visitor.SignInAsync("user@acme.example");

        var start = await home.SignOutAsync();
        home = await (await start.ContinueAsync("admin@acme.example")).SignInAsync();

        await Expect(home.Heading).ToHaveTextAsync("Hello, Adam Admin");
    }

    private static async Task<BrowserContextCookiesResult> SessionCookieOfAsync(Visitor visitor) =>
        Assert.Single(await visitor.Context.CookiesAsync(), cookie => cookie.Name == SessionCookie);

    public sealed class InCircuit(Portal portal, Chromium chromium) : Sessions(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : Sessions(portal, chromium, Way.BeforeCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Sessions(portal, chromium, Way.WithoutJavaScript);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : Sessions(portal, chromium, Way.WithWebSocketsBlocked);
}
