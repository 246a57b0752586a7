using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Administration;

/// <summary>The form of what administrators register: addresses to go to, origins to be called from, domains.</summary>
internal static class RegisteredAddress
{
    private const int LongestAddress = 2048;
    private const int LongestOrigin = 300;

    /// <summary>How Android names an app to a relying party: the SHA-256 of its certificate.</summary>
    private const string AndroidPrefix = "android:apk-key-hash:";
    private const int AndroidHashLength = 43;

    /// <summary>
    /// Whether a browser may be sent to <paramref name="address"/>: HTTPS, HTTP on the person's own machine, or a scheme of an app, which has a dot in
    /// it (RFC 8252, 7.1 to 7.3). Never with a fragment or with credentials (RFC 6749, 3.1.2).
    /// </summary>
    public static bool IsRedirect(string address) =>
        address.Length <= LongestAddress
        && address.All(character => char.IsAscii(character) && !char.IsControl(character) && character != ' ')
        && !address.Contains('#', StringComparison.Ordinal)
        && Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && uri.UserInfo.Length == 0
        && (IsWebAddress(uri) || uri.Scheme.Contains('.', StringComparison.Ordinal));

    /// <summary>Whether <paramref name="origin"/> is one as a browser sends it, or as Android names an app.</summary>
    public static bool IsOrigin(string origin) =>
        origin.Length <= LongestOrigin
        && (IsAndroidApp(origin)
            || (Uri.TryCreate(origin, UriKind.Absolute, out var uri)
                && IsWebAddress(uri)
                && uri.UserInfo.Length == 0
                && string.Equals(uri.GetLeftPart(UriPartial.Authority), origin, StringComparison.Ordinal)));

    /// <summary>Whether <paramref name="domain"/> is a domain in the form in which domains are compared.</summary>
    public static bool IsDomain(string domain) =>
        domain.Contains('.', StringComparison.Ordinal)
        && Uri.CheckHostName(domain) == UriHostNameType.Dns
        && string.Equals(HostName.Normalize(domain), domain, StringComparison.Ordinal);

    private static bool IsWebAddress(Uri uri) =>
        uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback);

    private static bool IsAndroidApp(string origin) =>
        origin.StartsWith(AndroidPrefix, StringComparison.Ordinal)
        && origin.Length == AndroidPrefix.Length + AndroidHashLength
        && origin.AsSpan(AndroidPrefix.Length).IndexOfAnyExcept(Base64UrlCharacters) < 0;

    private static readonly System.Buffers.SearchValues<char> Base64UrlCharacters =
        System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
}
