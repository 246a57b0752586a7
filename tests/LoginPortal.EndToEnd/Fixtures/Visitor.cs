using System.Collections.Concurrent;
using LoginPortal.EndToEnd.Pages;
using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Fixtures;

/// <summary>Somebody with a browser of their own. What its console complains about is kept, and fails the story.</summary>
public sealed class Visitor : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _addresses = new();
    private readonly ConcurrentBag<string> _provoked = [];

    private Visitor(Portal portal, Way way, IBrowserContext context, string language)
    {
        Portal = portal;
        Way = way;
        Context = context;
        Language = language;
        context.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning" && !way.Provokes(message.Text))
            {
                _complaints.Enqueue($"The console of {message.Page?.Url} said: {message.Text} ({message.Location})");
            }
        };
        context.WebError += (_, error) => _complaints.Enqueue($"A script of {error.Page?.Url} failed: {error.Error}");
        context.Request += (_, request) => _addresses.Enqueue(request.Url);
    }

    public Portal Portal { get; }

    public Way Way { get; }

    public IBrowserContext Context { get; }

    public string Language { get; }

    /// <summary>Every address that the browser has asked for.</summary>
    public IReadOnlyCollection<string> Addresses => _addresses;

    /// <summary>What the browser complained about without having been provoked.</summary>
    public IEnumerable<string> Complaints =>
        _complaints.Where(complaint => !_provoked.Any(part => complaint.Contains(part, StringComparison.Ordinal)));

    public static async Task<Visitor> ArriveAsync(
        Chromium chromium, Portal portal, Way way, Action<BrowserNewContextOptions>? configure = null)
    {
        var options = new BrowserNewContextOptions { Locale = "en-GB", ViewportSize = new ViewportSize { Width = 1280, Height = 900 } };
        way.Configure(options);
        configure?.Invoke(options);
        var context = await chromium.NewContextAsync(options);
        await way.PrepareAsync(context);
        return new Visitor(portal, way, context, options.Locale!.Split('-')[0]);
    }

    /// <summary>Says that the story itself makes the browser complain with these words.</summary>
    public void Provoke(string partOfComplaint) => _provoked.Add(partOfComplaint);

    public async Task<Tab> OpenTabAsync() => new(this, await Context.NewPageAsync());

    /// <summary>The sign-in page of a tenant, in a tab of its own.</summary>
    public async Task<SignInPage> OpenSignInAsync(string tenant = "acme", string query = "") =>
        await (await OpenTabAsync()).OpenSignInAsync(tenant, query);

    /// <summary>Signs in, in a tab of its own.</summary>
    public async Task<HomePage> SignInAsync(string address, string tenant = "acme") =>
        await (await (await OpenSignInAsync(tenant)).ContinueAsync(address)).SignInAsync();

    /// <summary>Follows the link in the newest mail to an address, in a tab of its own.</summary>
    public async Task<TPage> FollowMailAsync<TPage>(string address, Func<Tab, TPage> page)
        where TPage : PortalPage
    {
        var tab = await OpenTabAsync();
        await tab.GoToAsync((await Portal.ReadMailsAsync(address))[^1].Link.PathAndQuery);
        return await page(tab).ShownAsync();
    }

    public ValueTask DisposeAsync() => Context.DisposeAsync();
}
