using LoginPortal.Core.Passwords;

namespace LoginPortal.Core.SignIn;

/// <summary>
/// The one gate for addresses that a person is sent to after signing in. Only a path of the same tenant passes, written
/// relative to the tenant's base address.
/// </summary>
public static class ReturnUrl
{
    private const int MaximumLength = 2048;

    /// <summary>
    /// <paramref name="value"/> if it is a relative reference inside the tenant, such as <c>account?tab=1</c>; else
    /// <see langword="null"/>. Absolute and protocol-relative addresses, rooted paths, dot segments, backslashes, control
    /// characters and what is no Unicode text do not pass.
    /// </summary>
    public static string? Check(string? value)
    {
        if (string.IsNullOrEmpty(value) || value.Length > MaximumLength
            || value[0] == '/' || value.Any(character => character == '\\' || char.IsControl(character) || char.IsWhiteSpace(character))
            || !PasswordText.IsText(value))
        {
            return null;
        }

        var path = value.AsSpan(0, value.AsSpan().IndexOfAny('?', '#') is >= 0 and var end ? end : value.Length);
        return path.Contains(':') || HasDotSegment(Uri.UnescapeDataString(path.ToString())) ? null : value;
    }

    private static bool HasDotSegment(string path) =>
        path.Split('/', '\\').Any(segment => segment is "." or "..");
}
