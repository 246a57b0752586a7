namespace LoginPortal.Core.Accounts;

/// <summary>The time zones that a person can choose, by their identifiers in the IANA database.</summary>
public static class TimeZones
{
    /// <summary>All of them, in the order of their names.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        .. TimeZoneInfo.GetSystemTimeZones()
            .Select(zone => zone.Id)
            .Where(id => id.Contains('/', StringComparison.Ordinal) && !id.StartsWith("Etc/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>Whether there is such a time zone.</summary>
    public static bool IsKnown(string id) => All.Contains(id, StringComparer.Ordinal);

    /// <summary>An instant as the clock of the time zone shows it; UTC where there is none.</summary>
    public static DateTimeOffset In(string? id, DateTimeOffset instant) =>
        id is not null && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone) ? TimeZoneInfo.ConvertTime(instant, zone) : instant.ToUniversalTime();
}
