using System.Reflection;
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
