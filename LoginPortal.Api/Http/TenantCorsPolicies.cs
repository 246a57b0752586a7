using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;

namespace LoginPortal.Api.Http;

/// <summary>
/// Lets scripts read answers only where a tenant has registered their origin: the tenant in the path, or, where the path names none, any.
/// No cookie is ever involved.
/// </summary>
internal sealed class TenantCorsPolicies : ICorsPolicyProvider
{
    private const int TenantSegment = 4;
    private static readonly CorsPolicy Nobody = new();

    public async Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
    {
        // Asked for only here: the middleware has its provider made for each request, also for the most, which come from no other origin.
        var origins = context.RequestServices.GetRequiredService<RequestOrigins>();
        var origin = context.Request.Headers.Origin.ToString();
        return await origins.IsRegisteredAsync(origin, SlugOf(context.Request.Path), context.RequestAborted)
            ? new CorsPolicyBuilder(origin)
                .WithMethods("GET", "POST", "PATCH", "DELETE")
                .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType, RequestIdentity.Header, "X-Api-Key", "X-Tenant-ID")
                .WithExposedHeaders(HeaderNames.RetryAfter, RequestIdentity.Header)
                .SetPreflightMaxAge(TimeSpan.FromMinutes(10))
                .Build()
            : Nobody;
    }

    private static string? SlugOf(PathString path) =>
        path.StartsWithSegments("/api/v1/auth/tenants", StringComparison.OrdinalIgnoreCase)
        && path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries) is { Length: > TenantSegment } segments
            ? segments[TenantSegment]
            : null;
}
