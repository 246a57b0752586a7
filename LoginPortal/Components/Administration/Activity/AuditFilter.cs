using System.Globalization;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using Microsoft.AspNetCore.WebUtilities;

namespace LoginPortal.Components.Administration.Activity;

/// <summary>Which events are wanted, as it is typed and as it stands in an address.</summary>
internal sealed class AuditFilter
{
    public string? Kind { get; set; }

    public string? Person { get; set; }

    public string? As { get; set; }

    public string? Outcome { get; set; }

    /// <summary>The first day, of UTC.</summary>
    public DateOnly? Since { get; set; }

    /// <summary>The last day, of UTC.</summary>
    public DateOnly? Until { get; set; }

    public string? IpAddress { get; set; }

    /// <summary>Whether anything is left out.</summary>
    public bool IsAny => Fields.Any();

    /// <summary>The person, where somebody is named.</summary>
    public AuditPerson? WantedPerson => Trimmed(Person) is { } address ? new AuditPerson(address, As == "actor") : null;

    public AuditQuery Query => new()
    {
        Kind = Trimmed(Kind),
        Outcome = Enum.TryParse<SecurityEventOutcome>(Outcome, ignoreCase: true, out var outcome) && Enum.IsDefined(outcome) ? outcome : null,
        IpAddress = Trimmed(IpAddress),
        From = Since is { } since ? StartOf(since) : null,
        Until = Until is { } until && until < DateOnly.MaxValue ? StartOf(until.AddDays(1)) : null,
    };

    /// <summary>What is set, by the names that it has in an address.</summary>
    public IEnumerable<KeyValuePair<string, string?>> Fields => new Dictionary<string, string?>(StringComparer.Ordinal)
    {
        ["kind"] = Trimmed(Kind),
        ["person"] = Trimmed(Person),
        ["as"] = Trimmed(As),
        ["outcome"] = Trimmed(Outcome),
        ["since"] = Since?.ToString("O", CultureInfo.InvariantCulture),
        ["until"] = Until?.ToString("O", CultureInfo.InvariantCulture),
        ["ip"] = Trimmed(IpAddress),
    }.Where(pair => pair.Value is not null);

    /// <summary>What stands in an address; what means nothing is left out.</summary>
    public static AuditFilter Read(string? kind, string? person, string? how, string? outcome, string? since, string? until, string? ipAddress) => new()
    {
        Kind = kind,
        Person = person,
        As = how == "actor" ? how : null,
        Outcome = outcome,
        Since = DayOf(since),
        Until = DayOf(until),
        IpAddress = ipAddress,
    };

    public string AddressOf(string? cursor) => QueryHelpers.AddQueryString(
        "admin/audit", cursor is null ? Fields : Fields.Append(KeyValuePair.Create("from", (string?)cursor)));

    private static DateOnly? DayOf(string? text) =>
        DateOnly.TryParseExact(text, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static DateTimeOffset StartOf(DateOnly day) => new(day.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero);

    private static string? Trimmed(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();
}
