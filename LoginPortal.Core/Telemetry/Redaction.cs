using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;
using OpenTelemetry.Logs;

namespace LoginPortal.Core.Telemetry;

/// <summary>
/// What leaves the portal by telemetry names nobody: no network address, no e-mail address, no query, no token. What an audit needs is in the
/// table of security events, which stays where it is.
/// </summary>
internal static partial class Redaction
{
    private const string Removed = "[removed]";

    private static readonly string[] PersonalKeys =
    [
        "client", "network.peer", "source.address", "user_agent", "url.query", "enduser", "user.", "http.user_agent", "http.client_ip", "net.peer",
        "IpAddress", "RemoteIpAddress", "RemoteIp", "Address", "Email", "Recipient", "UserName", "QueryString", "Query", "RawTarget", "Uri", "url.full",
    ];

    /// <summary>Whether an attribute tells of a person by its very name.</summary>
    public static bool IsPersonal(string key) =>
        Array.Exists(PersonalKeys, personal => personal.EndsWith('.') || char.IsLower(personal[0])
            ? key.StartsWith(personal, StringComparison.Ordinal)
            : string.Equals(key, personal, StringComparison.OrdinalIgnoreCase));

    /// <summary>A text without e-mail addresses and without what follows a question mark in an address.</summary>
    public static string Clean(string text) => Queries().Replace(Addresses().Replace(text, Removed), "?" + Removed);

    [GeneratedRegex(@"[^\s@<>""'(),;:]{1,64}@[^\s@<>""'(),;:]{1,255}", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Addresses();

    [GeneratedRegex(@"\?[\w.-]+=[^\s""']*", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 250)]
    private static partial Regex Queries();
}

/// <summary>Takes what is personal out of traces.</summary>
internal sealed class TraceRedaction : BaseProcessor<Activity>
{
    public override void OnEnd(Activity data)
    {
        foreach (var (key, value) in data.TagObjects.ToList())
        {
            if (Redaction.IsPersonal(key))
            {
                data.SetTag(key, null);
            }
            else if (value is string text && Redaction.Clean(text) is var clean && !string.Equals(clean, text, StringComparison.Ordinal))
            {
                data.SetTag(key, clean);
            }
        }

        if (data.StatusDescription is { } description)
        {
            data.SetStatus(data.Status, Redaction.Clean(description));
        }
    }
}

/// <summary>Takes what is personal out of log records that leave by OTLP; the console keeps them whole.</summary>
internal sealed class LogRedaction : BaseProcessor<LogRecord>
{
    public override void OnEnd(LogRecord data)
    {
        List<KeyValuePair<string, object?>> attributes = [.. (data.Attributes ?? []).Where(attribute => !Redaction.IsPersonal(attribute.Key)).Select(Clean)];
        if (data.Exception is { } exception)
        {
            attributes.Add(new("exception.type", exception.GetType().FullName));
            attributes.Add(new("exception.message", Redaction.Clean(exception.Message)));
            attributes.Add(new("exception.stacktrace", exception.StackTrace));
            data.Exception = null;
        }

        data.Attributes = attributes;
        data.FormattedMessage = null;
    }

    private static KeyValuePair<string, object?> Clean(KeyValuePair<string, object?> attribute) => attribute.Value is string text
        && attribute.Key != "{OriginalFormat}"
            ? new(attribute.Key, Redaction.Clean(text))
            : attribute;
}
