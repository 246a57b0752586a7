using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>The portal is stopped and started again while somebody is signing in.</summary>
public abstract class Restarts(Portal portal, Chromium chromium, Way way) : Story(portal, chromium, way), IClassFixture<Portal>
{
    private static readonly string[] Losses =
    [
        "WebSocket", "Connection disconnected", "ERR_CONNECTION_REFUSED", "circuit", "Circuit", "Cannot send data", "No interop methods", "Failed to fetch",
    ];

    [Fact]
    public async Task PasswordStep_OpenDuringRestart_GoesOn()
    {
        var visitor = await ArriveAndProvokeAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await Portal.RestartAsync();

        var home = await password.SignInAsync();

        await Expect(home.Heading).ToHaveTextAsync("Hello, Uma User");
    }

    [Fact]
    public async Task PasswordStep_WrongPasswordAfterRestart_IsSaidAndGoesOn()
    {
        var visitor = await ArriveAndProvokeAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await Portal.RestartAsync();

        await password.SubmitRefusedAsync();

        await password.PasswordField.ExpectProblemAsync("Address and password do not match. Check both, then try again.");
        await password.SignInAsync();
    }

    [Fact]
    public async Task AddressStep_OpenDuringRestart_GoesOn()
    {
        var visitor = await ArriveAndProvokeAsync();
        var start = await visitor.OpenSignInAsync();
        await start.AddressField.FillAsync("user@acme.example");
        await Portal.RestartAsync();

        var password = await start.ContinueAsync();

        await Expect(password.Address).ToHaveTextAsync("user@acme.example");
        await password.SignInAsync();
    }

    [Fact]
    public async Task PasswordStep_ReloadedAfterRestart_GoesOn()
    {
        var visitor = await ArriveAndProvokeAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        await Portal.RestartAsync();

        await password.Tab.ReloadAsync(password);

        await Expect(password.Address).ToHaveTextAsync("user@acme.example");
        await password.SignInAsync();
    }

    [Fact]
    public async Task Session_AfterRestart_GoesOn()
    {
        var visitor = await ArriveAndProvokeAsync();
        var home = await visitor.SignInAsync("user@acme.example");
        await Portal.RestartAsync();

        await home.Tab.ReloadAsync(home);

        await Expect(home.Heading).ToHaveTextAsync("Hello, Uma User");
        await home.SignOutAsync();
    }

    /// <summary>A browser that loses its server says so in its console, and a circuit that is cut off in the portal's log.</summary>
    private async Task<Visitor> ArriveAndProvokeAsync()
    {
        Provoke("Microsoft.AspNetCore.Components.Server");
        var visitor = await ArriveAsync();
        foreach (var words in Losses)
        {
            visitor.Provoke(words);
        }

        return visitor;
    }

    public sealed class InCircuit(Portal portal, Chromium chromium) : Restarts(portal, chromium, Way.InCircuit);

    public sealed class BeforeCircuit(Portal portal, Chromium chromium) : Restarts(portal, chromium, Way.BeforeCircuit);

    public sealed class WithoutJavaScript(Portal portal, Chromium chromium) : Restarts(portal, chromium, Way.WithoutJavaScript);

    public sealed class WithWebSocketsBlocked(Portal portal, Chromium chromium) : Restarts(portal, chromium, Way.WithWebSocketsBlocked);
}
