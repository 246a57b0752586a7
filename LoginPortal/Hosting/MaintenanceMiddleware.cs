using LoginPortal.Core.Setup;
using LoginPortal.Tenancy;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.Options;

namespace LoginPortal.Hosting;

/// <summary>While the configuration says so, answers everything but health checks with 503, in the tenant's look.</summary>
internal sealed class MaintenanceMiddleware(RequestDelegate next, IOptionsMonitor<PortalOptions> options)
{
    public Task InvokeAsync(HttpContext context)
    {
        var metadata = context.GetEndpoint()?.Metadata;
        if (!options.CurrentValue.Maintenance
            || context.Features.Get<IStatusCodeReExecuteFeature>() is not null
            || context.Request.Path.StartsWithSegments("/brand", StringComparison.Ordinal)
            || metadata?.GetMetadata<StaticAssetDescriptor>() is not null
            || metadata?.GetMetadata<AnyHostAttribute>() is not null)
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        return Task.CompletedTask;
    }
}
