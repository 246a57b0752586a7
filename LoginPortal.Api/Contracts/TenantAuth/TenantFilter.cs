using LoginPortal.Api.Http;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>
/// Finds the tenant in the path before any endpoint of the contract runs. Of one that has the database look in the tenant of that name alone, it finds it
/// only where the request is refused, to say that there is no such tenant.
/// </summary>
internal sealed class TenantFilter : IEndpointFilter
{
    /// <summary>The slug in the path.</summary>
    public static string SlugOf(HttpContext http) => http.GetRouteValue("tenant_slug") as string ?? "";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetEndpoint()?.Metadata.GetMetadata<NamesTenantAttribute>() is not null)
        {
            var result = await next(context);
            return result is ApiError && await FindAsync(http) is null ? ApiError.TenantNotFound : result;
        }

        if (await FindAsync(http) is not { } tenant)
        {
            return ApiError.TenantNotFound;
        }

        http.RequestServices.GetRequiredService<TenantContext>().Set(tenant);
        return await next(context);
    }

    private static Task<TenantProfile?> FindAsync(HttpContext http)
    {
        var directory = http.RequestServices.GetRequiredService<TenantDirectory>();
        return http.GetEndpoint()?.Metadata.GetMetadata<AsksActiveTenantsAttribute>() is null
            ? directory.FindBySlugAsync(SlugOf(http), http.RequestAborted)
            : directory.FindKnownAsync(SlugOf(http), http.RequestAborted);
    }
}

/// <summary>Marks an endpoint that has the database look in the active tenant with the path's slug, so that the tenant itself need not be found.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NamesTenantAttribute : Attribute;
