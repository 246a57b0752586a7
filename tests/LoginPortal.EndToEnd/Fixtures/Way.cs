using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Fixtures;

/// <summary>
/// In what condition a browser reaches the portal. Stories of the pages themselves are told in each of the four, with the same end; those of what
/// lies behind the pages (tenants, rules, languages) in the circuit and without script: the two forms in which a page is handled.
/// </summary>
public abstract class Way
{
    /// <summary>The usual one: pages are left alone until their circuit is up.</summary>
    public static Way InCircuit { get; } = new CircuitWay();

    /// <summary>Faster than the circuit, whose WebSocket opens and then says nothing.</summary>
    public static Way BeforeCircuit { get; } = new HeldBackWay();

    /// <summary>A browser that runs no script.</summary>
    public static Way WithoutJavaScript { get; } = new ScriptlessWay();

    /// <summary>Behind a proxy that refuses WebSockets.</summary>
    public static Way WithWebSocketsBlocked { get; } = new BlockedWay();

    public virtual bool RunsScript => true;

    public virtual bool HasCircuit => false;

    public virtual void Configure(BrowserNewContextOptions options)
    {
    }

    public virtual Task PrepareAsync(IBrowserContext context) => Task.CompletedTask;

    /// <summary>Waits until the page is what it will be.</summary>
    /// <remarks>The document is asked, not the driver: the driver's own notion of a load is lost when a form is posted fast.</remarks>
    public virtual Task SettleAsync(IPage page) =>
        Expect(page.Locator("html")).ToHaveJSPropertyAsync("ownerDocument.readyState", "complete");

    /// <summary>Whether the browser's console may say this, because the way itself provokes it.</summary>
    public virtual bool Provokes(string message) => false;

    private sealed class CircuitWay : Way
    {
        public override bool HasCircuit => true;

        public override Task SettleAsync(IPage page) =>
            Expect(page.Locator("[data-interactive]")).ToHaveAttributeAsync("data-interactive", "true");
    }

    private sealed class HeldBackWay : Way
    {
        public override Task PrepareAsync(IBrowserContext context) => context.RouteWebSocketAsync("**/_blazor*", _ => { });
    }

    private sealed class ScriptlessWay : Way
    {
        public override bool RunsScript => false;

        public override void Configure(BrowserNewContextOptions options) => options.JavaScriptEnabled = false;
    }

    private sealed class BlockedWay : Way
    {
        public override void Configure(BrowserNewContextOptions options) =>
            options.UserAgent = $"Mozilla/5.0 (X11; Linux x86_64) Chrome/{WebSocketBarrier.UserAgentMark}";

        public override bool Provokes(string message) =>
            message.Contains("WebSocket", StringComparison.Ordinal) || message.Contains("start the circuit", StringComparison.Ordinal);
    }
}
