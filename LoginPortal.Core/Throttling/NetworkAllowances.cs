using System.Net;
using System.Net.Sockets;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Throttling;

/// <summary>Keeps one network from asking without end, whatever addresses it types. Offices share a network, so the limits are wide.</summary>
internal static class NetworkAllowances
{
    private const int Ipv6NetworkBytes = 8;

    /// <summary>Takes one of so many an hour; parallel requests cannot take more.</summary>
    /// <param name="database">A context in the tenant's scope; each statement stands for itself.</param>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="purpose">One of <see cref="NetworkPurpose"/>.</param>
    /// <param name="ipAddress">The network address; one that is not known is not limited.</param>
    /// <param name="maximum">How many there are in an hour.</param>
    /// <param name="now">The time, UTC.</param>
    /// <param name="cancellationToken">Gives up; it may have been taken then.</param>
    /// <returns><see langword="null"/> if it was taken, else how long to wait.</returns>
    public static async Task<TimeSpan?> TryTakeAsync(
        PortalDbContext database, Guid tenantId, string purpose, string? ipAddress, int maximum, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (NetworkOf(ipAddress) is not { } network)
        {
            return null;
        }

        var endsAt = now + NetworkAllowance.Window;
        if (await database.TryInsertNetworkAllowanceAsync(tenantId, purpose, network, endsAt, cancellationToken))
        {
            return null;
        }

        var own = database.NetworkAllowances.Where(allowance => allowance.Purpose == purpose && allowance.Network == network);
        var taken = await own
            .Where(allowance => allowance.EndsAt <= now || allowance.Taken < maximum)
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(allowance => allowance.Taken, allowance => allowance.EndsAt <= now ? 1 : allowance.Taken + 1)
                    .SetProperty(allowance => allowance.EndsAt, allowance => allowance.EndsAt <= now ? endsAt : allowance.EndsAt),
                cancellationToken);
        return taken == 1
            ? null
            : await own.Select(allowance => (DateTimeOffset?)allowance.EndsAt).SingleOrDefaultAsync(cancellationToken) - now ?? TimeSpan.Zero;
    }

    private static string? NetworkOf(string? ipAddress)
    {
        if (!IPAddress.TryParse(ipAddress, out var address))
        {
            return null;
        }

        address = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address.ToString();
        }

        var bytes = address.GetAddressBytes();
        bytes.AsSpan(Ipv6NetworkBytes).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
