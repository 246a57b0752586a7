using Microsoft.Net.Http.Headers;

namespace LoginPortal.Tests.Hosts;

/// <summary>A browser's cookies. A cookie that a browser would refuse for its __Host- name is refused here too.</summary>
internal sealed class CookieJar
{
    private readonly Dictionary<string, string> _cookies = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> Names => _cookies.Keys;

    public string? this[string name]
    {
        get => _cookies.GetValueOrDefault(name);
        set
        {
            if (value is null)
            {
                _cookies.Remove(name);
            }
            else
            {
                _cookies[name] = value;
            }
        }
    }

    /// <summary>The one cookie whose name begins so.</summary>
    public string Single(string prefix) => _cookies.Single(cookie => cookie.Key.StartsWith(prefix, StringComparison.Ordinal)).Value;

    public bool Has(string prefix) => _cookies.Keys.Any(name => name.StartsWith(prefix, StringComparison.Ordinal));

    /// <summary>Loses every cookie that ends with the browser.</summary>
    public void Remove(string prefix)
    {
        foreach (var name in _cookies.Keys.Where(name => name.StartsWith(prefix, StringComparison.Ordinal)).ToList())
        {
            _cookies.Remove(name);
        }
    }

    public CookieJar Copy()
    {
        var copy = new CookieJar();
        foreach (var (name, value) in _cookies)
        {
            copy._cookies[name] = value;
        }

        return copy;
    }

    public void Send(HttpRequestMessage request)
    {
        if (_cookies.Count > 0)
        {
            request.Headers.Add("Cookie", string.Join("; ", _cookies.Select(cookie => $"{cookie.Key}={cookie.Value}")));
        }
    }

    public void Receive(HttpResponseMessage response)
    {
        foreach (var cookie in Of(response))
        {
            var name = cookie.Name.ToString();
            if (name.StartsWith("__Host-", StringComparison.Ordinal) && !(cookie.Secure && cookie.Path == "/" && !cookie.Domain.HasValue))
            {
                continue;
            }

            if (cookie.Expires is { Year: 1970 } || cookie.MaxAge <= TimeSpan.Zero)
            {
                _cookies.Remove(name);
            }
            else
            {
                _cookies[name] = cookie.Value.ToString();
            }
        }
    }

    public static IEnumerable<SetCookieHeaderValue> Of(HttpResponseMessage response) =>
        response.Headers.TryGetValues("Set-Cookie", out var values) ? values.Select(value => SetCookieHeaderValue.Parse(value)) : [];
}
