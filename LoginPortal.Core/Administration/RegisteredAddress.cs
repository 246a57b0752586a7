using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Administration;

/// <summary>The form of what administrators register: origins to be called from, and domains.</summary>
internal static class RegisteredAddress
{
    private const int LongestOrigin = 300;

    /// <summary>How Android names an app to a relying party: the SHA-256 of its certificate.</summary>
    private const string AndroidPrefix = "android:apk-key-hash:";
    private const int AndroidHashLength = 43;

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
