namespace LoginPortal.Core.OpenId;

/// <summary>The parameters of a request. An empty one counts as absent; one that is given twice spoils the request (OAuth 2.1, 3.1).</summary>
public sealed class RequestParameters
{
    private const int LongestValue = 8 * 1024;
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    /// <summary>Takes the parameters of a query or a form.</summary>
    public RequestParameters(IEnumerable<KeyValuePair<string, IReadOnlyList<string?>>> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        foreach (var (name, given) in values)
        {
            if (given.Count > 1 || (given is [{ } only] && (only.Length > LongestValue || only.Contains('\0', StringComparison.Ordinal))))
            {
                Spoiled ??= name;
            }

            if (given is [{ Length: > 0 } value, ..])
            {
                _values[name] = value;
            }
        }
    }

    /// <summary>A parameter that is given twice or is too long; <see langword="null"/> if there is none.</summary>
    public string? Spoiled { get; }

    /// <summary>The value; <see langword="null"/> if it is absent.</summary>
    public string? this[string name] => _values.GetValueOrDefault(name);

    /// <summary>The values of a list with spaces between, each once.</summary>
    public IReadOnlyList<string> List(string name) =>
        [.. (this[name] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Distinct(StringComparer.Ordinal)];

    /// <summary>Only these parameters, as a pushed request carries them.</summary>
    internal RequestParameters Without(params string[] names) =>
        new(_values.Where(value => !names.Contains(value.Key, StringComparer.Ordinal))
            .Select(value => KeyValuePair.Create(value.Key, (IReadOnlyList<string?>)[value.Value])));
}
