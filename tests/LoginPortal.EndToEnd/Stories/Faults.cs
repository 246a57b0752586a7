using System.Text.RegularExpressions;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Data.Sqlite;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>Something in the portal fails: people get a page that says so, and can go on when it is over.</summary>
public abstract class Faults(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    [Fact]
    public async Task Page_Bug_IsToldInTheTenantsLook()
    {
        var visitor = await ArriveAndProvokeAsync("status of 500", "circuit", "Circuit");
        var tab = (await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example")).Tab;

        var response = await FailAsync(new InvalidOperationException("A bug."), () => tab.Page.ReloadAsync());

        Assert.Equal(500, response?.Status);
        await new MessagePage(tab, "Status.500.Title").ShownAsync();
        await Expect(tab.Page.GetByText("A bug.")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Page_DatabaseAway_AsksForPatience()
    {
        var visitor = await ArriveAndProvokeAsync("status of 503", "circuit", "Circuit");
        var tab = (await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example")).Tab;

        var response = await FailAsync(new SqliteException("The database is away.", 14), () => tab.Page.ReloadAsync());

        Assert.Equal(503, response?.Status);
        await new MessagePage(tab, "Status.503.Title").ShownAsync();
    }

    [Fact]
    public async Task SignIn_FaultWhileSubmitting_CanBeTriedAgain()
    {
        var visitor = await ArriveAndProvokeAsync("status of 500", "circuit", "Circuit", "unhandled exception", "WebSocket", "Connection disconnected");
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await password.PasswordField.FillAsync("blue-kettle-walks-at-noon");

        await FailAsync(new InvalidOperationException("A bug."), async () =>
        {
            await password.SubmitButton.ClickAsync();
            if (Way.HasCircuit)
            {
                // The circuit is gone with its exception; the page stays, and the next try is posted.
                await Expect(password.Page.Locator("#blazor-error-ui")).ToHaveAttributeAsync("style", new Regex("display"));
                return password;
            }

            await new MessagePage(password.Tab, "Status.500.Title").ShownAsync();
            return password;
        });
        if (!Way.HasCircuit)
        {
            await password.Tab.GoBackAsync(password);
        }

        await password.SignInAsync();
    }

    private async Task<T> FailAsync<T>(Exception failure, Func<Task<T>> work)
    {
        Portal.Clock.Failure = failure;
        try
        {
            return await work();
        }
        finally
        {
            Portal.Clock.Failure = null;
        }
    }

    private async Task<Visitor> ArriveAndProvokeAsync(params string[] complaints)
    {
        Provoke("A bug.");
        Provoke("The database is away.");
        var visitor = await ArriveAsync();
        foreach (var complaint in complaints)
        {
            visitor.Provoke(complaint);
        }

        return visitor;
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Faults(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : Faults(portal, chromium, Way.BeforeCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Faults(portal, chromium, Way.WithoutJavaScript);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : Faults(portal, chromium, Way.WithWebSocketsBlocked);
}
