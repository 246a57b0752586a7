using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Components.Endpoints;

namespace LoginPortal.Visits;

/// <summary>Fills <see cref="PortalVisit"/> for pages; other endpoints read the request themselves.</summary>
internal sealed class VisitMiddleware(RequestDelegate next)
{
    private const int MaximumUserAgent = 512;

    public Task InvokeAsync(HttpContext context, PortalVisit visit, TenantContext tenant)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            visit.TenantId = tenant.Current?.Id;
            visit.BindingHash = tenant.Current is { } current ? BrowserBinding.Ensure(context, current) : null;
            visit.TrustedDeviceToken = tenant.Current is { } trusting ? TrustedDeviceCookie.Read(context, trusting) : null;
            visit.CultureName = VisitLanguage.Choose(context, tenant.Current);
            context.Response.Headers.ContentLanguage = visit.CultureName;
        }

        FillFacts(context, visit);
        return next(context);
    }

    private static void FillFacts(HttpContext context, PortalVisit visit)
    {
        var userAgent = context.Request.Headers.UserAgent.ToString();
        visit.IpAddress = context.Connection.RemoteIpAddress?.ToString();
        visit.UserAgent = userAgent.Length > MaximumUserAgent ? userAgent[..MaximumUserAgent] : userAgent;
    }
}
