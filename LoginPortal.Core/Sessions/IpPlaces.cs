using System.Net;
using System.Net.Sockets;
using LoginPortal.Core.Setup;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Sessions;

/// <summary>Where network addresses are, by the file of <see cref="PortalOptions.PlacesPath"/>, read once. Shown to people; nothing is decided by it.</summary>
public sealed class IpPlaces(IOptions<PortalOptions> options)
{
    private readonly Lazy<Range[]> _ranges = new(() => options.Value.PlacesPath is { } path
        ? [.. File.ReadLines(path).Select(Parse).OfType<Range>().OrderBy(range => range.First)]
        : []);

    /// <summary>The words for a place; <see langword="null"/> if it is not known.</summary>
    public string? Find(string? ipAddress)
    {
        if (_ranges.Value.Length == 0 || !IPAddress.TryParse(ipAddress, out var address))
        {
            return null;
        }

        var number = NumberOf(address);
        var (low, high) = (0, _ranges.Value.Length);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = _ranges.Value[middle].First <= number ? (middle + 1, high) : (low, middle);
        }

        return low > 0 && _ranges.Value[low - 1] is var range && number <= range.Last ? range.Place : null;
    }

    /// <summary>One line of the file; <see langword="null"/> for a head, a comment or what cannot be read.</summary>
    private static Range? Parse(string line)
    {
        string[] parts = [.. line.Split(',').Select(part => part.Trim().Trim('"').Trim())];
        if (parts.Length >= 2 && IPNetwork.TryParse(parts[0], out var network))
        {
            var first = NumberOf(network.BaseAddress);
            var bits = (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork ? 32 : 128) - network.PrefixLength;
            return new Range(first, first | (bits == 128 ? UInt128.MaxValue : (UInt128.One << bits) - 1), Words(parts[1..]));
        }

        return parts.Length >= 3 && IPAddress.TryParse(parts[0], out var from) && IPAddress.TryParse(parts[1], out var to)
            ? new Range(NumberOf(from), NumberOf(to), Words(parts[2..]))
            : null;
    }

    private static string Words(IEnumerable<string> parts) => string.Join(", ", parts.Where(part => part.Length > 0));

    /// <summary>IPv4 addresses lie among the IPv6 ones as RFC 4291, 2.5.5.2 maps them.</summary>
    private static UInt128 NumberOf(IPAddress address) =>
        address.MapToIPv6().GetAddressBytes().Aggregate(UInt128.Zero, (number, part) => (number << 8) | part);

    private sealed record Range(UInt128 First, UInt128 Last, string Place);
}
