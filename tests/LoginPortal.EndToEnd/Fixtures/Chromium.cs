using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(LoginPortal.EndToEnd.Fixtures.Chromium))]
[assembly: AssemblyFixture(typeof(LoginPortal.Testing.DatabaseTemplates))]

namespace LoginPortal.EndToEnd.Fixtures;

/// <summary>The one browser of the run. Each visitor gets a context of it, which shares nothing with any other.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const float Patience = 15_000;

    private static readonly string[] Arguments =
    [
        "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync",
    ];

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public IBrowser Browser => _browser ?? throw new InvalidOperationException("The browser has not been started.");

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(Patience);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Environment.GetEnvironmentVariable("LOGINPORTAL_TEST_CHROMIUM") is { Length: > 0 } path ? path : "/usr/bin/chromium",
            Headless = true,
            ChromiumSandbox = false,
            Args = Arguments,
        });
    }

    public async Task<IBrowserContext> NewContextAsync(BrowserNewContextOptions options)
    {
        var context = await Browser.NewContextAsync(options);
        context.SetDefaultTimeout(Patience);
        return context;
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
    }
}
