using System.Globalization;

namespace LoginPortal.Core.Tenants;

/// <summary>Host names in the one form in which they are stored and compared.</summary>
public static class HostName
{
    /// <summary>
    /// Lower-case IDNA A-labels without a closing dot. What is no host name comes back in lower case: it then equals no
    /// stored host.
    /// </summary>
    public static string Normalize(string host)
    {
        ArgumentNullException.ThrowIfNull(host);
        var trimmed = host.TrimEnd('.');
        try
        {
            return new IdnMapping().GetAscii(trimmed).ToLowerInvariant();
        }
        catch (ArgumentException)
        {
            return trimmed.ToLowerInvariant();
        }
    }
}
