using LoginPortal.Circuits;
using LoginPortal.Core.Tenants;
using LoginPortal.Security;
using Microsoft.AspNetCore.Components.Endpoints;

namespace LoginPortal.Visits;

/// <summary>Fills <see cref="PortalVisit"/> for pages and circuits; other endpoints read the request themselves.</summary>
internal sealed class VisitMiddleware(RequestDelegate next, CircuitGate gate)
{
    private const int MaximumUserAgent = 512;

    public Task InvokeAsync(HttpContext context, PortalVisit visit, TenantContext tenant, FormTokens tokens)
    {
        var userAgent = context.Request.Headers.UserAgent.ToString();
        visit.State = visit.State with
        {
            IpAddress = context.Connection.RemoteIpAddress?.ToString(),
            UserAgent = userAgent.Length > MaximumUserAgent ? userAgent[..MaximumUserAgent] : userAgent,
        };
        var isPage = context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
        if (tenant.Current is { } current && (isPage || context.WebSockets.IsWebSocketRequest))
        {
            visit.State = visit.State with
            {
                BindingHash = BrowserBinding.Ensure(context, current),
                TrustedDeviceToken = TrustedDeviceCookie.Read(context, current),
            };
            if (!isPage)
            {
                return new CircuitOpening(visit.State, current, tokens.ForCircuit(context)).RunAsync(() => next(context));
            }
        }

        if (isPage)
        {
            visit.Page = new VisitedPage(tenant.Current?.Id, VisitLanguage.Choose(context, tenant.Current));
            visit.HasRoomForCircuit = gate.HasRoom(visit.State.IpAddress);
            tokens.Answer(context);
            context.Response.Headers.ContentLanguage = visit.Page.CultureName;
        }

        return next(context);
    }
}
