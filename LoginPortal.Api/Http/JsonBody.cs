using System.Buffers;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using System.Text.Unicode;
using LoginPortal.Core.Accounts;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using Microsoft.Net.Http.Headers;

namespace LoginPortal.Api.Http;

/// <summary>
/// Reads a body field by field, so that everything wrong is said at once and nothing that a client can send is an error of the server:
/// members that nobody asked for are ignored, members given twice refused.
/// </summary>
internal static class JsonBody
{
    /// <summary>No request nests deeper than a credential of a browser does.</summary>
    private const int MaximumDepth = 16;

    private static readonly JsonDocumentOptions DocumentOptions = new() { MaxDepth = MaximumDepth, AllowDuplicateProperties = false };

    /// <summary>Whether a body of this kind may be left out.</summary>
    public static bool IsOptional(Type type) => type.IsDefined(typeof(OptionalBodyAttribute));

    /// <summary>The whole body, for changes that say what shall be otherwise.</summary>
    public static async Task<(JsonElement Value, ApiError? Error)> ReadObjectAsync(HttpContext context)
    {
        var (value, error) = await ReadAsync(context, typeof(JsonElement), (root, _) => root.ValueKind == JsonValueKind.Object && IsText(root)
            ? ((object)root.Clone(), (ApiError?)null)
            : (null, ApiError.Malformed(FieldProblem.InBody(null, "model_attributes_type", "The body must be a JSON object of Unicode text."))));
        return (value is JsonElement element ? element : default, error);
    }

    public static async Task<(T? Value, ApiError? Error)> ReadAsync<T>(HttpContext context)
        where T : class, new()
    {
        var (value, error) = await ReadAsync(context, typeof(T), (root, options) => root.ValueKind == JsonValueKind.Undefined
            ? (new T(), null)
            : Read<T>(root, options.GetTypeInfo(typeof(T))));
        return ((T?)value, error);
    }

    private static async Task<(object? Value, ApiError? Error)> ReadAsync(
        HttpContext context, Type type, Func<JsonElement, JsonSerializerOptions, (object? Value, ApiError? Error)> read)
    {
        if (await ReadBytesAsync(context.Request, context.RequestAborted) is not { } bytes)
        {
            return (null, ApiError.BodyTooLarge);
        }

        var options = context.RequestServices.GetRequiredService<IOptions<JsonOptions>>().Value.SerializerOptions;
        if (bytes.Length == 0 && IsOptional(type))
        {
            return read(default, options);
        }

        if (!IsJson(context.Request.ContentType))
        {
            return (null, ApiError.MediaTypeNotSupported);
        }

        if (!Utf8.IsValid(bytes))
        {
            return (null, ApiError.Malformed(FieldProblem.InBody(null, "json_invalid", "The body is not UTF-8.")));
        }

        try
        {
            using var document = JsonDocument.Parse(bytes, DocumentOptions);
            return read(document.RootElement, options);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second where half of a character is escaped in a name.
            return (null, ApiError.Malformed(FieldProblem.InBody(null, "json_invalid", "The body is no JSON, is nested too deeply, or gives a member twice.")));
        }
    }

    private static (object? Value, ApiError? Error) Read<T>(JsonElement root, JsonTypeInfo type)
        where T : class, new()
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return (null, ApiError.Malformed(FieldProblem.InBody(null, "model_attributes_type", "The body must be a JSON object.")));
        }

        var value = new T();
        var problems = new List<FieldProblem>();
        foreach (var field in JsonField.Of(type))
        {
            var isGiven = root.TryGetProperty(field.Name, out var element) && element.ValueKind != JsonValueKind.Null;
            if (!isGiven)
            {
                if (field.IsRequired)
                {
                    problems.Add(FieldProblem.Missing("body", field.Name));
                }
            }
            else if (ReadField(field, element, out var read) is { } problem)
            {
                problems.Add(problem);
            }
            else
            {
                field.Set(value, read);
            }
        }

        return problems.Count == 0 ? (value, null) : (null, ApiError.Malformed(problems));
    }

    private static FieldProblem? ReadField(JsonField field, JsonElement element, out object? value)
    {
        value = null;
        if (field.Type == typeof(string))
        {
            if (element.ValueKind != JsonValueKind.String)
            {
                return FieldProblem.InBody(field.Name, "string_type", "Input should be a valid string");
            }

            if (Text(element) is not { } text)
            {
                return FieldProblem.InBody(field.Name, "string_unicode", "Input should be Unicode text");
            }

            value = text;
            return field.IsEmail && !EmailAddress.IsWellFormed(text.Trim())
                ? FieldProblem.InBody(field.Name, "value_error", "value is not a valid email address")
                : null;
        }

        if (field.Type == typeof(bool))
        {
            value = element.ValueKind == JsonValueKind.True;
            return element.ValueKind is JsonValueKind.True or JsonValueKind.False
                ? null
                : FieldProblem.InBody(field.Name, "bool_type", "Input should be a valid boolean");
        }

        if (field.Type == typeof(int))
        {
            var isNumber = element.ValueKind == JsonValueKind.Number && element.TryGetInt32(out var number) && (value = number) is int;
            return isNumber ? null : FieldProblem.InBody(field.Name, "int_type", "Input should be a valid integer");
        }

        value = element.Clone();
        return element.ValueKind == JsonValueKind.Object || field.IsAnyJson
            ? null
            : FieldProblem.InBody(field.Name, "dict_type", "Input should be a valid dictionary");
    }

    /// <summary>Whether every text in it, names included, is one that can be kept.</summary>
    private static bool IsText(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Text(element) is not null,
        JsonValueKind.Array => element.EnumerateArray().All(IsText),
        JsonValueKind.Object => element.EnumerateObject().All(member => IsName(member) && IsText(member.Value)),
        _ => true,
    };

    private static bool IsName(JsonProperty member)
    {
        try
        {
            return !member.Name.Contains('\0');
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>The text; <see langword="null"/> if it holds half a character, or a NUL, which no database keeps.</summary>
    public static string? Text(JsonElement element)
    {
        try
        {
            return element.GetString() is { } text && !text.Contains('\0') ? text : null;
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (!type.Charset.HasValue || type.Charset.Value.Trim('"').Equals("utf-8", StringComparison.OrdinalIgnoreCase));

    /// <summary>The bytes; <see langword="null"/> if there are too many.</summary>
    private static async Task<byte[]?> ReadBytesAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > ApiError.MaximumBody)
        {
            return null;
        }

        try
        {
            var read = await request.BodyReader.ReadAtLeastAsync(ApiError.MaximumBody + 1, cancellationToken);
            var bytes = read.Buffer.Length > ApiError.MaximumBody ? null : read.Buffer.ToArray();
            request.BodyReader.AdvanceTo(read.Buffer.End);
            return bytes;
        }
        catch (BadHttpRequestException exception)
        {
            // Kestrel says here that the body grew too large or never came.
            return exception.StatusCode == StatusCodes.Status413PayloadTooLarge ? null : [];
        }
    }
}

/// <summary>Marks a request whose body may be left out.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class OptionalBodyAttribute : Attribute;

/// <summary>Marks a field that may be JSON of any kind, not only an object.</summary>
[AttributeUsage(AttributeTargets.Property)]
internal sealed class AnyJsonAttribute : Attribute;

/// <summary>The format of a string, as OpenAPI names it.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
internal sealed class FormatAttribute(string name) : Attribute
{
    /// <summary>Such as <c>email</c>.</summary>
    public string Name { get; } = name;
}
