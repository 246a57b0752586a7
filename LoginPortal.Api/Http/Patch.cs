using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;

namespace LoginPortal.Api.Http;

/// <summary>A JSON object that says what shall be otherwise (RFC 7396): what it leaves out stays, <c>null</c> is the default again.</summary>
/// <typeparam name="T">The record that the result is read into.</typeparam>
internal sealed class Patch<T> : IEndpointParameterMetadataProvider
    where T : class
{
    /// <summary>What was given.</summary>
    public required JsonElement Value { get; init; }

    public static async ValueTask<Patch<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (value, error) = await JsonBody.ReadObjectAsync(context);
        if (error is not null)
        {
            context.Features.Set(error);
        }

        return new Patch<T> { Value = value };
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T)));

    /// <summary>The record as it shall be.</summary>
    /// <exception cref="JsonException">A member is of the wrong kind; <see cref="JsonException.Path"/> says which.</exception>
    public T ApplyTo(T present, JsonSerializerOptions options)
    {
        var strict = new JsonSerializerOptions(options) { RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true };
        var merged = JsonSerializer.SerializeToNode(present, strict)!.AsObject();
        Merge(merged, Value);
        return merged.Deserialize<T>(strict) ?? throw new JsonException("The body must be a JSON object.");
    }

    private static void Merge(JsonObject target, JsonElement patch)
    {
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                target.Remove(member.Name);
            }
            else if (member.Value.ValueKind == JsonValueKind.Object)
            {
                if (target[member.Name] is not JsonObject inner)
                {
                    target[member.Name] = inner = [];
                }

                Merge(inner, member.Value);
            }
            else
            {
                target[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
        }
    }
}

/// <summary>What is wrong with a change that cannot be read.</summary>
internal static class Patches
{
    /// <summary>The refusal, with the member that is of the wrong kind.</summary>
    public static ApiError Refuse(JsonException exception) => ApiError.Malformed(FieldProblem.InBody(
        exception.Path is { Length: > 2 } path ? path[2..].Replace("[", ".", StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal) : null,
        "type_error",
        "The value is of the wrong kind, or none of those that there are"));
}
