using System.Globalization;
using System.Text.Json;
using LoginPortal.Api.Http;

namespace LoginPortal.Api.Admin;

/// <summary>Reads what a query string filters by, and gathers everything that is wrong with it.</summary>
internal sealed class QueryReader(HttpRequest request)
{
    private readonly List<FieldProblem> _problems = [];

    /// <summary>The refusal, if anything was wrong; else <see langword="null"/>.</summary>
    public ApiError? Error => _problems.Count == 0 ? null : ApiError.Malformed(_problems);

    /// <summary>A text; <see langword="null"/> where it is missing or empty.</summary>
    public string? Text(string name)
    {
        var value = request.Query[name].ToString();
        if (value.Contains('\0', StringComparison.Ordinal) || value.EnumerateRunes().Contains(System.Text.Rune.ReplacementChar))
        {
            _problems.Add(new FieldProblem("query", name, "string_unicode", "Input should be Unicode text"));
            return null;
        }

        return value.Length == 0 ? null : value;
    }

    /// <summary>One of the values of an enumeration, by its name on the wire.</summary>
    public T? OneOf<T>(string name)
        where T : struct, Enum => Read<T>(name, "enum", $"Input should be one of {string.Join(", ", Enum.GetNames<T>().Select(JsonNamingPolicy.SnakeCaseLower.ConvertName))}", text =>
            Enum.GetValues<T>().Where(value => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString()) == text).Select(value => (T?)value).FirstOrDefault());

    public Guid? Id(string name) =>
        Read<Guid>(name, "uuid_parsing", "Input should be a valid UUID", text => Guid.TryParse(text, out var id) ? id : null);

    public int? Number(string name, int minimum, int maximum) => Read<int>(
        name,
        "int_range",
        string.Create(CultureInfo.InvariantCulture, $"Input should be a whole number from {minimum} to {maximum}"),
        text => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum ? number : null);

    public DateTimeOffset? Time(string name) => Read<DateTimeOffset>(
        name,
        "datetime_parsing",
        "Input should be a time such as 2031-03-21T12:00:00Z",
        text => DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time.ToUniversalTime() : null);

    private T? Read<T>(string name, string kind, string message, Func<string, T?> read)
        where T : struct
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var value = read(text);
        if (value is null)
        {
            _problems.Add(new FieldProblem("query", name, kind, message));
        }

        return value;
    }
}
