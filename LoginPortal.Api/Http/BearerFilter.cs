using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;

namespace LoginPortal.Api.Http;

/// <summary>Lets an endpoint run only for whoever sends a valid access token or API key.</summary>
/// <param name="allowsEnrolment">Whether a token is enough that opens nothing but setting up a second factor.</param>
internal sealed class BearerFilter(bool allowsEnrolment) : IEndpointFilter
{
    private const string Scheme = "Bearer ";
    private const string ApiKeyHeader = "X-Api-Key";
    private const string TenantHeader = "X-Tenant-ID";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (await CheckAsync(http) is not { } bearer)
        {
            return ApiError.Unauthenticated;
        }

        var tenant = http.RequestServices.GetRequiredService<TenantContext>().Required;
        if (http.Request.Headers[TenantHeader].ToString() is { Length: > 0 } named
            && !string.Equals(named, tenant.Id.ToString(), StringComparison.OrdinalIgnoreCase)
            && !string.Equals(named, tenant.Slug, StringComparison.OrdinalIgnoreCase))
        {
            return new ApiError(403, "tenant_mismatch", "The header X-Tenant-ID names another tenant than the token.");
        }

        if (bearer.Session is null && !allowsEnrolment)
        {
            return ApiError.EnrolmentRequired;
        }

        http.RequestServices.GetRequiredService<Caller>().Bearer = bearer;
        return await next(context);
    }

    private static async Task<Bearer?> CheckAsync(HttpContext http)
    {
        var check = http.RequestServices.GetRequiredService<BearerCheck>();
        if (http.Request.Headers[ApiKeyHeader].ToString() is { Length: > 0 } key)
        {
            return await check.CheckApiKeyAsync(key, http.RequestAborted);
        }

        var header = http.Request.Headers.Authorization.ToString();
        return header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            ? await check.CheckTokenAsync(header[Scheme.Length..].Trim(), http.RequestAborted)
            : null;
    }
}

/// <summary>Marks an endpoint that needs a bearer.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NeedsBearerAttribute : Attribute;

/// <summary>
/// Marks an endpoint that finds what it is asked about in active tenants alone, in the database: the tenant itself may come from the node's memory then.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class AsksActiveTenantsAttribute : Attribute;

/// <summary>Puts the filter on endpoints.</summary>
internal static class BearerEndpoints
{
    /// <summary>Only for whoever is signed in.</summary>
    public static RouteHandlerBuilder RequireBearer(this RouteHandlerBuilder endpoint) => Require(endpoint, allowsEnrolment: false);

    /// <summary>For whoever is signed in, and for whoever still owes the second factor that is set up here.</summary>
    public static RouteHandlerBuilder RequireBearerOrEnrolment(this RouteHandlerBuilder endpoint) => Require(endpoint, allowsEnrolment: true);

    private static RouteHandlerBuilder Require(RouteHandlerBuilder endpoint, bool allowsEnrolment) => endpoint
        .WithMetadata(allowsEnrolment ? [new NeedsBearerAttribute()] : [new NeedsBearerAttribute(), new AsksActiveTenantsAttribute()])
        .AddEndpointFilter(new BearerFilter(allowsEnrolment))
        .AddEndpointFilter(new BodyFilter());
}
