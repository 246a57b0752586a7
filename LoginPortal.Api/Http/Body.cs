using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;

namespace LoginPortal.Api.Http;

/// <summary>The JSON body of a request. What is wrong with it is said by <see cref="BodyFilter"/> before the endpoint runs.</summary>
/// <typeparam name="T">The record that it is read into.</typeparam>
internal sealed class Body<T> : IEndpointParameterMetadataProvider
    where T : class, new()
{
    /// <summary>What was given.</summary>
    public required T Value { get; init; }

    public static async ValueTask<Body<T>?> BindAsync(HttpContext context, ParameterInfo parameter)
    {
        var (value, error) = await JsonBody.ReadAsync<T>(context);
        if (error is not null)
        {
            context.Features.Set(error);
        }

        return new Body<T> { Value = value ?? new T() };
    }

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) =>
        builder.Metadata.Add(new AcceptsMetadata(["application/json"], typeof(T), JsonBody.IsOptional(typeof(T))));
}

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
        var merged = JsonSerializer.SerializeToNode(present, options)!.AsObject();
        Merge(merged, Value);
        return merged.Deserialize<T>(options) ?? throw new JsonException("The body must be a JSON object.");
    }

    private static void Merge(JsonObject target, JsonElement patch)
    {
        foreach (var member in patch.EnumerateObject())
        {
            if (member.Value.ValueKind == JsonValueKind.Null)
            {
                target.Remove(member.Name);
            }
            else if (member.Value.ValueKind == JsonValueKind.Object && target[member.Name] is JsonObject inner)
            {
                Merge(inner, member.Value);
            }
            else
            {
                target[member.Name] = JsonNode.Parse(member.Value.GetRawText());
            }
        }
    }
}

/// <summary>Refuses a request whose body could not be read; where a bearer is needed, only once there is one.</summary>
internal sealed class BodyFilter : IEndpointFilter
{
    public ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var isTooEarly = http.GetEndpoint()?.Metadata.GetMetadata<NeedsBearerAttribute>() is not null
            && http.RequestServices.GetRequiredService<Caller>().Bearer is null;
        return !isTooEarly && http.Features.Get<ApiError>() is { } error ? ValueTask.FromResult<object?>(error) : next(context);
    }
}
