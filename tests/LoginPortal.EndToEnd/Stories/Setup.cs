using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>The first operator comes by the link that the portal prints while there is none.</summary>
public abstract class Setup(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private const string NewPassword = "seven-lamps-under-the-harbour";

    [Fact]
    public async Task Link_Opened_CreatesTheOperatorOnceAndStaysInNoAddress()
    {
        var link = await Portal.CreateSetupLinkAsync();
        var visitor = await ArriveAsync();
        var tab = await visitor.OpenTabAsync();

        await tab.GoToAsync(link);
        var setup = await new SetupPage(tab).ShownAsync();
        Assert.Equal(Portal.Address("/t/platform/setup"), tab.Page.Url);
        await Expect(setup.AddressField).ToBeFocusedAsync();

        await setup.CreateRefusedAsync("olga", NewPassword, setup.AddressField);
        await setup.AddressField.ExpectProblemAsync("Enter a whole e-mail address, such as name@example.com.");
        await setup.CreateRefusedAsync("olga@portal.example", "short", setup.PasswordField);
        await Expect(setup.PasswordField).ToBeFocusedAsync();
        await Expect(setup.AddressField).ToHaveValueAsync("olga@portal.example");
        await setup.CreateAsync("olga@portal.example", NewPassword);

        var home = await (await (await visitor.OpenSignInAsync("platform")).ContinueAsync("olga@portal.example")).SignInAsync(NewPassword);
        await Expect(home.Page.GetByText("Platform operator")).ToBeVisibleAsync();

        var late = await visitor.OpenTabAsync();
        await late.GoToAsync(link);
        await new MessagePage(late, "Setup.InvalidTitle").ShownAsync();
    }

    [Fact]
    public async Task Link_ReplacedByNewerOne_NoLongerWorks()
    {
        var first = await Portal.CreateSetupLinkAsync();
        await Portal.CreateSetupLinkAsync();
        var visitor = await ArriveAsync();
        var tab = await visitor.OpenTabAsync();

        await tab.GoToAsync(first);

        await new MessagePage(tab, "Setup.InvalidTitle").ShownAsync();
    }

    [Fact]
    public async Task Setup_WithoutLink_OffersNothing()
    {
        var visitor = await ArriveAsync();
        var tab = await visitor.OpenTabAsync();

        await tab.GoToAsync("/t/platform/setup");

        await new MessagePage(tab, "Setup.InvalidTitle").ShownAsync();
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Setup(portal, chromium, Way.InCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Setup(portal, chromium, Way.WithoutJavaScript);
}
