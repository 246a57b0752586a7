using System.Net;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace LoginPortal.Tests.Hosts;

/// <summary>What a request was answered with.</summary>
internal sealed class Page(Uri address, HttpResponseMessage response, string body)
{
    private IHtmlDocument? _document;

    public Uri Address => address;

    public HttpResponseMessage Response => response;

    public HttpStatusCode Status => response.StatusCode;

    public string Body => body;

    public IHtmlDocument Document => _document ??= new HtmlParser().ParseDocument(body);

    public string Heading => Text("h1");

    /// <summary>Where a redirect leads, whole.</summary>
    public Uri? Location => response.Headers.Location is { } location ? new Uri(address, location) : null;

    /// <summary>The flow in the address.</summary>
    public Guid FlowId => Guid.Parse(System.Web.HttpUtility.ParseQueryString(address.Query)["flow"]
        ?? throw new InvalidOperationException($"{address} names no flow."));

    /// <summary>The words of the one element that the selector finds.</summary>
    public string Text(string selector) => Document.QuerySelectorAll(selector) is [var element]
        ? element.TextContent.Trim()
        : throw new InvalidOperationException($"Not one '{selector}' at {address} ({(int)Status} {Header("Content-Type")}, {Header("Location")}): {body}");

    public bool Has(string selector) => Document.QuerySelector(selector) is not null;

    /// <summary>The first value of a header, of the response or of its content; <see langword="null"/> without it.</summary>
    public string? Header(string name) => Headers.FirstOrDefault(header => string.Equals(header.Name, name, StringComparison.OrdinalIgnoreCase)).Value;

    public IEnumerable<(string Name, string Value)> Headers => response.Headers.Concat(response.Content.Headers)
        .Select(header => (header.Key, string.Join(", ", header.Value)));

    /// <summary>The fields of the form with this name, or of the only form, as a browser would post them.</summary>
    public FormPost Form(string? handler = null)
    {
        var forms = Document.QuerySelectorAll<IHtmlFormElement>("form")
            .Where(form => handler is null || form.QuerySelector("input[name=_handler]")?.GetAttribute("value") == handler)
            .ToList();
        var form = forms.Count == 1
            ? forms[0]
            : throw new InvalidOperationException($"{forms.Count} forms '{handler}' at {address} ({(int)Status}): {body}");
        var fields = form.QuerySelectorAll<IHtmlInputElement>("input[name]")
            .Where(input => input.Type != "checkbox" || input.HasAttribute("checked"))
            .Select(input => KeyValuePair.Create(input.Name!, input.GetAttribute("value") ?? ""));
        var root = new Uri(address, Document.QuerySelector("base")?.GetAttribute("href") ?? "");
        var target = form.GetAttribute("action") is { } action ? new Uri(root, action) : address;
        return new FormPost(target, [.. fields]);
    }
}

/// <summary>A filled form.</summary>
internal sealed record FormPost(Uri Target, IReadOnlyList<KeyValuePair<string, string>> Fields)
{
    public string? this[string name] => Fields.FirstOrDefault(field => field.Key == name).Value;

    /// <summary>With a field set, or added where there is none.</summary>
    public FormPost With(string name, string value) => this with { Fields = [.. Without(name).Fields, KeyValuePair.Create(name, value)] };

    public FormPost Without(string name) => this with { Fields = [.. Fields.Where(field => field.Key != name)] };

    public FormPost To(Uri target) => this with { Target = target };
}
