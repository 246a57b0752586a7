using LoginPortal.Api.Http;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>The TenantAuth contract: the tenant stands in the path, answers come in an envelope.</summary>
internal static class TenantAuthEndpoints
{
    public static IEndpointRouteBuilder MapTenantAuth(this IEndpointRouteBuilder endpoints)
    {
        var tenant = endpoints.MapGroup("/api/v1/auth/tenants/{tenant_slug}").AddEndpointFilter<TenantFilter>();
        tenant.MapGet("/branding", GetBranding);
        return endpoints;
    }

    /// <summary>What a client needs to draw its own sign-in screens. Public.</summary>
    private static Ok<Envelope<BrandingResponse>> GetBranding(
        TenantContext tenant, RequestIdentity identity, IOptions<PortalOptions> options, TimeProvider time) =>
        TypedResults.Ok(Envelope.Of(
            TenantAuthMapper.ToBranding(tenant.Required, options.Value.PublicOrigin!), identity, time));
}
