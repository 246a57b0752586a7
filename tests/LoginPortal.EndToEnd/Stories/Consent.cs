using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>What an application of somebody else gets to see: asked, declined, agreed to, taken back.</summary>
public abstract class Consent(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    [Fact]
    public async Task Consent_IsAskedForOnceAndEndsWhenItIsTakenBack()
    {
        await using var application = await EmptyApplication.StartAsync(Portal);
        var request = application.RequestFor("openid email");
        var visitor = await ArriveAsync();
        var tab = await visitor.OpenTabAsync();
        await tab.GoToAsync(request);
        var consent = await (await (await new SignInPage(tab).ShownAsync()).ContinueAsync("user@acme.example")).SubmitAsync(new ConsentPage(tab));
        consent = await tab.ReloadAsync(consent);
        await Expect(consent.Page.GetByText("See your email address")).ToBeVisibleAsync();

        await consent.DeclineAsync();
        Assert.Contains("error=access_denied", tab.Page.Url, StringComparison.Ordinal);
        await tab.GoToAsync(request);
        await (await new ConsentPage(tab).ShownAsync()).AgreeAsync();
        Assert.Matches("\\?code=[\\w-]{43}&state=s&iss=", tab.Page.Url);
        await tab.GoToAsync(request);
        await new ApplicationPage(tab).ShownAsync();

        await (await ApplicationsPage.OpenAsync(tab)).RevokeAsync("Notes");
        await tab.GoToAsync(request);
        await new ConsentPage(tab).ShownAsync();
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Consent(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : Consent(portal, chromium, Way.BeforeCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Consent(portal, chromium, Way.WithoutJavaScript);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : Consent(portal, chromium, Way.WithWebSocketsBlocked);
}
