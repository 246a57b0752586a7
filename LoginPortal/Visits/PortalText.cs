using System.Globalization;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Texts;

namespace LoginPortal.Visits;

/// <summary>The words of the page being shown: in the visit's language, the tenant's own first.</summary>
internal sealed class PortalText(PortalVisit visit, TenantContext tenant)
{
    /// <summary>The text with this key.</summary>
    public string this[string key] => TextCatalog.Get(key, visit.Culture, tenant.Current?.Branding);

    /// <summary>The text with this key, its placeholders filled by the rules of the language.</summary>
    public string Format(string key, params object[] values) => string.Format(visit.Culture, this[key], values);

    /// <summary>
    /// The text for a number of things: <c>{key}.One</c> or <c>{key}.Other</c>, with the number in it. English and German have
    /// these two forms (Unicode CLDR plural rules).
    /// </summary>
    public string Plural(string key, int count) => Format($"{key}.{(count == 1 ? "One" : "Other")}", count);

    /// <summary>How long to wait, in seconds below a minute and in whole minutes above, rounded up.</summary>
    public string Wait(TimeSpan wait)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(wait.TotalSeconds));
        return seconds < 60 ? Plural("Retry.Seconds", seconds) : Plural("Retry.Minutes", (seconds + 59) / 60);
    }

    /// <summary>An instant, to the minute, on the clock that it is given in; that of UTC is named.</summary>
    public string Moment(DateTimeOffset instant) => $"{instant.ToString("g", visit.Culture)}{(instant.Offset == TimeSpan.Zero ? " UTC" : "")}";

    /// <summary>The language itself, for dates and numbers.</summary>
    public CultureInfo Culture => visit.Culture;
}
