using System.Net;

namespace LoginPortal.Core.OpenId;

/// <summary>Which addresses a client may register, and when one that it names is one of them.</summary>
public static class RedirectUris
{
    /// <summary>
    /// Whether <paramref name="value"/> may be registered: https; http on the own machine alone; for a native client also a scheme of its own with a
    /// dot in it (RFC 8252, 7.1). No fragment, no user, no dot segments.
    /// </summary>
    public static bool IsAllowed(string value, OpenIdClientKind kind)
    {
        ArgumentNullException.ThrowIfNull(value);
        if (value.Length is 0 or > OpenIdClient.MaximumUriLength || value.Any(character => character is <= ' ' or > '~' or '\\' or '*' or '#')
            || !Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.UserInfo.Length > 0)
        {
            return false;
        }

        return uri.Scheme switch
        {
            "https" => uri.Host.Length > 0 && IsPlain(value, uri),
            "http" => IsLoopback(uri) && IsPlain(value, uri),
            _ => kind == OpenIdClientKind.Native && uri.Scheme.Contains('.', StringComparison.Ordinal),
        };
    }

    /// <summary>
    /// Whether <paramref name="value"/> is one of the client's: the same character by character, but that a native client on the own machine may
    /// listen on any port (RFC 8252, 7.3).
    /// </summary>
    public static bool Matches(OpenIdClient client, string value)
    {
        ArgumentNullException.ThrowIfNull(client);
        return client.RedirectUris.Contains(value, StringComparer.Ordinal)
            || (client.Kind == OpenIdClientKind.Native
                && WithoutPort(value) is { } portless
                && client.RedirectUris.Any(registered => WithoutPort(registered) == portless));
    }

    /// <summary>The origin of an address; <see langword="null"/> where it has none, such as of a scheme of its own.</summary>
    public static string? OriginOf(string value) =>
        Uri.TryCreate(value, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" ? uri.GetLeftPart(UriPartial.Authority) : null;

    private static bool IsLoopback(Uri uri) => uri.Host == "localhost" || (IPAddress.TryParse(uri.Host, out var address) && IPAddress.IsLoopback(address));

    /// <summary>Written as browsers would write it, so that nothing is read differently elsewhere.</summary>
    private static bool IsPlain(string value, Uri uri) =>
        uri.AbsoluteUri == value || uri.AbsoluteUri == value + "/";

    /// <summary>An http address of the own machine by number, without its port; <see langword="null"/> for any other.</summary>
    private static string? WithoutPort(string value)
    {
        foreach (var host in (string[])["http://127.0.0.1", "http://[::1]"])
        {
            if (value.StartsWith(host, StringComparison.Ordinal))
            {
                var rest = value[host.Length..];
                if (rest.Length > 0 && rest[0] == ':')
                {
                    var end = 1;
                    while (end < rest.Length && char.IsAsciiDigit(rest[end]))
                    {
                        end++;
                    }

                    rest = end is > 1 and <= 6 ? rest[end..] : "x";
                }

                return rest.Length == 0 || rest[0] is '/' or '?' ? host + rest : null;
            }
        }

        return null;
    }
}
