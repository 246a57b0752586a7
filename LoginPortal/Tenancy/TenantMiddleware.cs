using LoginPortal.Core.Tenants;
using LoginPortal.Core.Data;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.StaticAssets;

namespace LoginPortal.Tenancy;

/// <summary>
/// Finds the tenant of a request by its path or its host, and refuses hosts that are nobody's. Where an endpoint needs a
/// tenant and there is none, the answer is 404.
/// </summary>
internal sealed class TenantMiddleware(RequestDelegate next, PortalHosts hosts, TenantDoor door)
{
    public async Task InvokeAsync(HttpContext context, TenantContext tenant)
    {
        var endpoint = context.GetEndpoint();
        if (endpoint?.Metadata.GetMetadata<StaticAssetDescriptor>() is not null
            || endpoint?.Metadata.GetMetadata<AnyHostAttribute>() is not null
            || DatabaseFailure.Is(context.Features.Get<IExceptionHandlerFeature>()?.Error))
        {
            // The last of these: the page that tells of a database that is away must not ask it for the tenant.
            await next(context);
            return;
        }

        var path = context.Features.Get<TenantPath>();
        var isPortalHost = hosts.Contains(context.Request.Host.Host);
        var found = (isPortalHost, path) switch
        {
            (true, null) => null,
            (true, { Slug: var slug }) => await door.FindBySlugAsync(slug),
            (false, _) => await door.FindByHostAsync(context.Request.Host.Host),
        };

        if (!isPortalHost && found is null)
        {
            context.Response.StatusCode = StatusCodes.Status421MisdirectedRequest;
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(
                "This host is not served here. Add it to Portal:AdditionalHosts, or make it a domain of a tenant.",
                context.RequestAborted);
            return;
        }

        // On a tenant's own host, /t/{slug} means nothing: one tenant must not be shown under the address of another.
        if (found is not null && (isPortalHost || path is null))
        {
            tenant.Set(found);
        }

        // An address that names a tenant is that tenant's or nobody's; only what tells of that is served there.
        var allowed = endpoint?.Metadata.GetMetadata<WithoutTenantAttribute>();
        if (tenant.Current is null && endpoint is not null && (allowed is null || (path is not null && !allowed.UnderUnknownTenant)))
        {
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        await next(context);
    }
}

/// <summary>Marks an endpoint that is served without a tenant too.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class WithoutTenantAttribute : Attribute
{
    /// <summary>Whether also under an address that names a tenant that does not exist. Default <see langword="false"/>.</summary>
    public bool UnderUnknownTenant { get; init; }
}

/// <summary>Marks an endpoint that answers under any host: health checks, which load balancers ask for by address.</summary>
[AttributeUsage(AttributeTargets.Class | AttributeTargets.Method)]
internal sealed class AnyHostAttribute : Attribute;
