using System.Net;
using LoginPortal.Core.Setup;

namespace LoginPortal.Tests.Hosts;

/// <summary>Somebody at a browser without script: cookies, links, forms and redirects.</summary>
internal sealed class Browser(Func<HttpMessageHandler> connect, Uri origin) : IDisposable
{
    private readonly HttpMessageInvoker _server = new(connect());
    private readonly List<HttpResponseMessage> _responses = [];

    public Uri Origin => origin;

    public CookieJar Cookies { get; init; } = new();

    /// <summary>Headers sent with each request.</summary>
    public Dictionary<string, string> Headers { get; } = [];

    /// <summary>Every answer so far, redirects included.</summary>
    public IReadOnlyList<HttpResponseMessage> Responses => _responses;

    public void Dispose()
    {
        foreach (var response in _responses)
        {
            response.Dispose();
        }

        _server.Dispose();
    }

    /// <summary>The same cookies at another node, which has an address of its own where it is a process of its own.</summary>
    public Browser At(Func<HttpMessageHandler> other, Uri? otherOrigin = null) => new(other, otherOrigin ?? origin) { Cookies = Cookies };

    /// <summary>Another browser that has got hold of every cookie so far.</summary>
    public Browser Thief() => new(connect, origin) { Cookies = Cookies.Copy() };

    public Task<Page> GetAsync(string address, bool follow = true) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Get, new Uri(origin, address)), follow);

    public Task<Page> PostAsync(FormPost form, bool follow = true) =>
        SendAsync(new HttpRequestMessage(HttpMethod.Post, form.Target) { Content = new FormUrlEncodedContent(form.Fields) }, follow);

    public async Task<Page> SendAsync(HttpRequestMessage request, bool follow)
    {
        for (var hops = 0; ; hops++)
        {
            var page = await SendOnceAsync(request);
            request.Dispose();
            if (!follow || page.Location is not { } location || (int)page.Status is < 300 or >= 400)
            {
                return page;
            }

            if (hops == 10 || location.GetLeftPart(UriPartial.Authority) != origin.GetLeftPart(UriPartial.Authority))
            {
                throw new InvalidOperationException($"Redirected from {page.Address} to {location}.");
            }

            var isRepeated = page.Status is HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect;
            request = new HttpRequestMessage(isRepeated ? request.Method : HttpMethod.Get, location);
        }
    }

    private async Task<Page> SendOnceAsync(HttpRequestMessage request)
    {
        Cookies.Send(request);
        foreach (var (name, value) in Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        var address = request.RequestUri!;
        var response = await _server.SendAsync(request, CancellationToken.None);
        _responses.Add(response);
        Cookies.Receive(response);
        return new Page(address, response, await response.Content.ReadAsStringAsync());
    }

    // ---- What people do ------------------------------------------------------------------------------------------

    /// <summary>Opens the sign-in page of a tenant and says who is there.</summary>
    public async Task<Page> IdentifyAsync(string tenant, string address, string query = "") =>
        await PostAsync((await GetAsync($"/t/{tenant}/sign-in{query}")).Form("identify").With("username", address));

    public Task<Page> EnterPasswordAsync(Page page, string password, bool remember = false)
    {
        var form = page.Form("password").With("password", password);
        return PostAsync(remember ? form.With("remember", "true") : form);
    }

    /// <summary>Address, then password.</summary>
    public async Task<Page> SignInAsync(
        string tenant = "acme", string? address = null, string password = DemoData.Password, bool remember = false)
    {
        var page = await EnterPasswordAsync(await IdentifyAsync(tenant, address ?? $"user@{tenant}.example"), password, remember);

        // A tenant that will require a second factor offers to set one up, and lets it wait.
        return page.Status == HttpStatusCode.OK && page.Has("form input[value='postpone']") ? await PostAsync(page.Form("postpone")) : page;
    }

    /// <summary>Whether the tenant's start page greets a signed-in person.</summary>
    public async Task<bool> IsSignedInAsync(string tenant = "acme")
    {
        var page = await GetAsync($"/t/{tenant}/");
        return page.Status == HttpStatusCode.OK && page.Has("form[action='session/sign-out']");
    }
}
