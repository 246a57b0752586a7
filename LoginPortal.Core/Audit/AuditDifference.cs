using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace LoginPortal.Core.Audit;

/// <summary>One value that an administrator changed. Secrets are never compared, so none can be in it.</summary>
/// <param name="Path">Where in the document it is, names and positions joined by dots, for instance <c>registration.isOpen</c>.</param>
/// <param name="Before">The value before as JSON, cut to <see cref="MaximumLength"/>; <see langword="null"/> where there was none.</param>
/// <param name="After">The value after, likewise.</param>
public sealed record AuditDifference(string Path, string? Before, string? After)
{
    /// <summary>How much of a value is kept, in characters.</summary>
    public const int MaximumLength = 200;

    /// <summary>How many values are kept of one change; the rest is left out.</summary>
    public const int MaximumCount = 200;

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>What differs between two states of the same document, in the order of its members.</summary>
    /// <typeparam name="T">The document's type; everything in it must be fit to be read by administrators.</typeparam>
    public static IReadOnlyList<AuditDifference> Between<T>(T? before, T? after)
    {
        var differences = new List<AuditDifference>();
        Compare("", JsonSerializer.SerializeToNode(before, Options), JsonSerializer.SerializeToNode(after, Options), differences);
        return differences.Count > MaximumCount ? differences[..MaximumCount] : differences;
    }

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<AuditDifference> differences)
    {
        if (JsonNode.DeepEquals(before, after))
        {
            return;
        }

        if (before is JsonObject or null && after is JsonObject or null)
        {
            var (old, changed) = (before as JsonObject ?? [], after as JsonObject ?? []);
            foreach (var name in old.Select(member => member.Key).Union(changed.Select(member => member.Key), StringComparer.Ordinal))
            {
                Compare(path.Length == 0 ? name : $"{path}.{name}", old[name], changed[name], differences);
            }
        }
        else
        {
            differences.Add(new AuditDifference(path, Cut(before), Cut(after)));
        }
    }

    private static string? Cut(JsonNode? value) => value?.ToJsonString(Options) switch
    {
        null => null,
        { Length: > MaximumLength } text => string.Concat(text.AsSpan(0, MaximumLength - 1), "…"),
        { } text => text,
    };
}
