using System.Collections.Concurrent;
using System.Text.Json;

namespace LoginPortal.Core.Data;

/// <summary>
/// Reads a column that holds an immutable document as JSON. The same text is the same object: policies and looks are read with every request
/// and change a few times a year.
/// </summary>
/// <typeparam name="T">The document; immutable, because whoever reads it shares it.</typeparam>
internal static class JsonDocumentMemory<T>
    where T : class?
{
    private const int Capacity = 2_000;

    private static readonly ConcurrentDictionary<string, T> Known = new(StringComparer.Ordinal);

    /// <summary>The document in <paramref name="text"/>.</summary>
    public static T Read(string text, JsonSerializerOptions options)
    {
        if (Known.TryGetValue(text, out var known))
        {
            return known;
        }

        if (Known.Count >= Capacity)
        {
            Known.Clear();
        }

        return Known[text] = JsonSerializer.Deserialize<T>(text, options)!;
    }
}
