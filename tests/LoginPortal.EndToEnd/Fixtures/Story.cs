using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Fixtures;

/// <summary>
/// What people do with the portal, told in one way. When it ends, neither a browser nor the portal may have complained of
/// anything that was not provoked: no script error, nothing refused by the content security policy, no logged error.
/// </summary>
public abstract class Story(Portal portal, Chromium chromium, Way way) : IAsyncLifetime
{
    private readonly List<Visitor> _visitors = [];
    private readonly List<string> _provoked = [];

    protected Portal Portal { get; } = portal;

    protected Way Way { get; } = way;

    public ValueTask InitializeAsync()
    {
        Portal.Errors.Take();
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        foreach (var visitor in _visitors)
        {
            await visitor.DisposeAsync();
        }

        var complaints = _visitors.SelectMany(visitor => visitor.Complaints)
            .Concat(Portal.Errors.Take().Where(error => !_provoked.Exists(part => error.Contains(part, StringComparison.Ordinal))))
            .ToList();
        Assert.True(complaints.Count == 0, string.Join(Environment.NewLine, complaints));
    }

    protected Task<Visitor> ArriveAsync(Action<BrowserNewContextOptions>? configure = null) => ArriveAsync(Way, configure);

    protected async Task<Visitor> ArriveAsync(Way way, Action<BrowserNewContextOptions>? configure = null)
    {
        var visitor = await Visitor.ArriveAsync(chromium, Portal, way, configure);
        _visitors.Add(visitor);
        return visitor;
    }

    /// <summary>Says that the story itself makes the portal log an error with these words.</summary>
    protected void Provoke(string partOfError) => _provoked.Add(partOfError);
}
