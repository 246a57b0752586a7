using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Components.Endpoints;

namespace LoginPortal.Visits;

/// <summary>Fills <see cref="PortalVisit"/> for pages; other endpoints read the request themselves.</summary>
internal sealed class VisitMiddleware(RequestDelegate next)
{
    private const int MaximumUserAgent = 512;

    public Task InvokeAsync(HttpContext context, PortalVisit visit, TenantContext tenant)
    {
        var userAgent = context.Request.Headers.UserAgent.ToString();
        visit.State = visit.State with
        {
            IpAddress = context.Connection.RemoteIpAddress?.ToString(),
            UserAgent = userAgent.Length > MaximumUserAgent ? userAgent[..MaximumUserAgent] : userAgent,
        };
        if (context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null)
        {
            visit.State = visit.State with
            {
                TenantId = tenant.Current?.Id,
                BindingHash = tenant.Current is { } current ? BrowserBinding.Ensure(context, current) : null,
                TrustedDeviceToken = tenant.Current is { } trusting ? TrustedDeviceCookie.Read(context, trusting) : null,
                CultureName = VisitLanguage.Choose(context, tenant.Current),
            };
            context.Response.Headers.ContentLanguage = visit.State.CultureName;
        }

        return next(context);
    }
}
