using LoginPortal.Branding;

namespace LoginPortal.Security;

/// <summary>The headers of every response, error pages and static files included.</summary>
internal sealed class SecurityHeadersMiddleware(RequestDelegate next)
{
    /// <summary>
    /// Nothing but this origin, and no inline script or style. <c>connect-src 'self'</c> covers the circuit's WebSocket.
    /// </summary>
    internal const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; "
        + "manifest-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'";

    /// <summary>
    /// Likewise for administration, whose grids and charts are placed by style attributes; elements of style stay forbidden. Only administrators get
    /// there, and a tenant's own texts and styles are not part of it.
    /// </summary>
    internal const string AdministrationContentSecurityPolicy =
        ContentSecurityPolicy + "; style-src-attr 'unsafe-inline'; frame-src 'self'";

    public Task InvokeAsync(HttpContext context)
    {
        context.Response.OnStarting(
            static state =>
            {
                var response = ((HttpContext)state).Response;
                var policy = ((HttpContext)state).IsAdministration() ? AdministrationContentSecurityPolicy : ContentSecurityPolicy;
                var isFramed = ((HttpContext)state).Preview() is not null;
                var headers = response.Headers;
                headers.TryAdd("Content-Security-Policy", policy);
                headers.XContentTypeOptions = "nosniff";
                headers.XFrameOptions = isFramed ? "SAMEORIGIN" : "DENY";
                headers["Referrer-Policy"] = "no-referrer";
                headers["Cross-Origin-Opener-Policy"] = "same-origin";
                headers["Cross-Origin-Resource-Policy"] = "same-origin";
                headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=(), payment=(), usb=()";
                headers.Remove("Server");
                if (response.ContentType?.StartsWith("text/html", StringComparison.OrdinalIgnoreCase) == true
                    || response.StatusCode is >= 300 and not StatusCodes.Status304NotModified)
                {
                    headers.CacheControl = "no-store";
                }

                return Task.CompletedTask;
            },
            context);
        return next(context);
    }
}
