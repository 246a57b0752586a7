using System.Collections.Concurrent;
using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Stories;

/// <summary>The circuit is slow to come, and somebody has begun without it.</summary>
public sealed class Takeover(Portal portal, Chromium chromium) : Story(portal, chromium, Way.InCircuit), IClassFixture<Portal>
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Address_TypedBeforeTheCircuit_IsKeptWithTheFocus(bool scriptIsLate)
    {
        var visitor = await ArriveAsync(Way.BeforeCircuit);
        var tab = await visitor.OpenTabAsync();
        var release = await HoldAsync(tab.Page, scriptIsLate);
        await tab.GoToAndLeaveAsync("/t/acme/sign-in");
        var start = new SignInPage(tab);
        await Expect(start.AddressField).ToBeFocusedAsync();
        await tab.Page.Keyboard.TypeAsync("user@ac");

        await release();
        await Way.SettleAsync(tab.Page);

        await Expect(start.AddressField).ToHaveValueAsync("user@ac");
        await Expect(start.AddressField).ToBeFocusedAsync();
        await tab.Page.Keyboard.PressAsync("End");
        await tab.Page.Keyboard.TypeAsync("me.example");
        await tab.Page.Keyboard.PressAsync("Enter");
        var password = await new PasswordPage(tab).ShownAsync();
        await Expect(password.Address).ToHaveTextAsync("user@acme.example");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Password_TypedAndTickedBeforeTheCircuit_IsKeptAndSignsIn(bool scriptIsLate)
    {
        var visitor = await ArriveAsync(Way.BeforeCircuit);
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        var release = await HoldAsync(password.Page, scriptIsLate);
        await password.Tab.GoToAndLeaveAsync(new Uri(password.Page.Url).PathAndQuery);
        await password.PasswordField.FillAsync("blue-kettle-walks-at-noon");
        await password.RememberBox.CheckAsync();

        await release();
        await Way.SettleAsync(password.Page);

        await Expect(password.PasswordField).ToHaveValueAsync("blue-kettle-walks-at-noon");
        await Expect(password.RememberBox).ToBeCheckedAsync();
        await password.SubmitButton.ClickAsync();
        await new HomePage(password.Tab).ShownAsync();
        Assert.Contains(await visitor.Context.CookiesAsync(), cookie => cookie.Name == "__Host-portal.session.acme" && cookie.Expires > 0);
    }

    [Fact]
    public async Task Address_SubmittedWhileTheCircuitComes_IsTaken()
    {
        var visitor = await ArriveAsync(Way.BeforeCircuit);
        var tab = await visitor.OpenTabAsync();
        var release = await HoldAsync(tab.Page, scriptIsLate: false);
        var start = await tab.OpenSignInAsync();
        await start.AddressField.FillAsync("user@acme.example");

        var released = release();
        var password = await start.ContinueAsync();
        await released;

        await Expect(password.Address).ToHaveTextAsync("user@acme.example");
    }

    [Fact]
    public async Task Title_WhileTheCircuitComesAndInIt_IsThePages()
    {
        var tab = await (await ArriveAsync(Way.BeforeCircuit)).OpenTabAsync();
        var release = await HoldAsync(tab.Page, scriptIsLate: false);
        await tab.GoToAndLeaveAsync("/t/acme/sign-in");
        await Expect(tab.Page).ToHaveTitleAsync("Welcome to Acme · Acme");
        await tab.Page.EvaluateAsync(
            "window.titles = []; new MutationObserver(() => titles.push(document.title)).observe(document.head, { childList: true, subtree: true, characterData: true })");

        await release();
        await Way.SettleAsync(tab.Page);
        await new SignInPage(tab).ContinueAsync("user@acme.example");

        await Expect(tab.Page).ToHaveTitleAsync("Enter your password · Acme");
        Assert.DoesNotContain("", await tab.Page.EvaluateAsync<string[]>("titles"));
    }

    [Fact]
    public async Task Circuit_Alive_SendsNoPasswordWhileItIsTyped()
    {
        var visitor = await ArriveAsync();
        var password = await (await visitor.OpenSignInAsync()).ContinueAsync("user@acme.example");
        var frames = new ConcurrentQueue<int>();
        var watched = await visitor.OpenTabAsync();
        watched.Page.WebSocket += (_, socket) => socket.FrameSent += (_, frame) => frames.Enqueue(frame.Binary?.Length ?? 0);
        await watched.Page.GotoAsync(password.Page.Url);
        var typed = await new PasswordPage(watched).ShownAsync();
        await typed.PasswordField.FocusAsync();
        var before = frames.Count;

        await watched.Page.Keyboard.TypeAsync("blue-kettle");

        await Expect(typed.PasswordField).ToHaveValueAsync("blue-kettle");
        Assert.InRange(frames.Count - before, 0, 4);
    }

    /// <summary>Holds the circuit back, by its script or by its WebSocket, until the result is called.</summary>
    private static async Task<Func<Task>> HoldAsync(IPage page, bool scriptIsLate)
    {
        if (scriptIsLate)
        {
            var late = new TaskCompletionSource();
            await page.RouteWebSocketAsync("**/_blazor*", socket => socket.ConnectToServer());
            await page.RouteAsync("**/_framework/blazor.server*.js", async route =>
            {
                await late.Task;
                await route.ContinueAsync();
            });
            return () =>
            {
                late.SetResult();
                return Task.CompletedTask;
            };
        }

        var held = new ConcurrentQueue<(IWebSocketRoute Socket, ConcurrentQueue<IWebSocketFrame> Frames)>();
        var released = false;
        await page.RouteWebSocketAsync("**/_blazor*", socket =>
        {
            if (released)
            {
                socket.ConnectToServer();
                return;
            }

            var frames = new ConcurrentQueue<IWebSocketFrame>();
            socket.OnMessage(frames.Enqueue);
            held.Enqueue((socket, frames));
        });
        return () =>
        {
            released = true;
            foreach (var (socket, frames) in held)
            {
                var server = socket.ConnectToServer();
                socket.OnMessage(frame => Send(server, frame));
                while (frames.TryDequeue(out var frame))
                {
                    Send(server, frame);
                }
            }

            return Task.CompletedTask;
        };
    }

    private static void Send(IWebSocketRoute server, IWebSocketFrame frame)
    {
        if (frame.Binary is { } bytes)
        {
            server.Send(bytes);
        }
        else
        {
            server.Send(frame.Text!);
        }
    }
}
