namespace LoginPortal.Circuits;

/// <summary>
/// Stands before the circuits' hub. WebSockets carry cookies whatever page opens them, so only pages of this very origin may;
/// there is no other transport, because the page works as a plain form where WebSockets do not; and connections are counted.
/// </summary>
internal sealed class CircuitConnectionMiddleware(RequestDelegate next, CircuitGate gate)
{
    private const string HubPath = "/_blazor";

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.Equals(HubPath, StringComparison.OrdinalIgnoreCase))
        {
            if (context.Request.Path.StartsWithSegments(HubPath, StringComparison.OrdinalIgnoreCase, out var rest)
                && rest.StartsWithSegments("/negotiate", StringComparison.OrdinalIgnoreCase))
            {
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return;
            }

            await next(context);
            return;
        }

        var request = context.Request;
        if (!string.Equals(request.Headers.Origin, $"{request.Scheme}://{request.Host}", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.StatusCode = StatusCodes.Status400BadRequest;
            return;
        }

        using var place = gate.TryEnter(context.Connection.RemoteIpAddress?.ToString());
        if (place is null)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            context.Response.Headers.RetryAfter = "30";
            return;
        }

        await next(context);
    }
}
