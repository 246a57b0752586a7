namespace LoginPortal.Core.Sessions;

/// <summary>Browser and system in words, from a User-Agent header. A label for people, never a reason for a decision.</summary>
public static class DeviceLabel
{
    private static readonly (string Mark, string Name)[] Browsers =
    [
        ("Edg/", "Edge"), ("EdgiOS/", "Edge"), ("EdgA/", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
        ("FxiOS/", "Firefox"), ("Firefox/", "Firefox"), ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
    ];

    private static readonly (string Mark, string Name)[] Systems =
    [
        ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("CrOS", "ChromeOS"), ("Windows", "Windows"),
        ("Mac OS X", "macOS"), ("Linux", "Linux"),
    ];

    /// <summary>For instance "Firefox, Windows"; empty for a header that names neither.</summary>
    public static string From(string? userAgent)
    {
        var parts = new[] { Find(userAgent, Browsers), Find(userAgent, Systems) };
        return string.Join(", ", parts.Where(part => part is not null));
    }

    private static string? Find(string? userAgent, (string Mark, string Name)[] table) =>
        userAgent is null ? null : Array.Find(table, row => userAgent.Contains(row.Mark, StringComparison.Ordinal)).Name;
}
