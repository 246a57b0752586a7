using LoginPortal.Api.Http;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>Finds the tenant in the path before any endpoint of the contract runs.</summary>
internal sealed class TenantFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        var slug = http.GetRouteValue("tenant_slug") as string ?? "";
        var services = http.RequestServices;
        var directory = services.GetRequiredService<TenantDirectory>();
        var found = http.GetEndpoint()?.Metadata.GetMetadata<AsksActiveTenantsAttribute>() is null
            ? directory.FindBySlugAsync(slug, http.RequestAborted)
            : directory.FindKnownAsync(slug, http.RequestAborted);
        if (await found is not { } tenant)
        {
            return ApiError.TenantNotFound;
        }

        services.GetRequiredService<TenantContext>().Set(tenant);
        return await next(context);
    }
}
