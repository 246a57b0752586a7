using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace LoginPortal.EndToEnd.Fixtures;

/// <summary>Stands for a proxy that lets no WebSocket through, for the browsers that say they are behind one.</summary>
internal sealed class WebSocketBarrier : IStartupFilter
{
    public const string UserAgentMark = "BehindProxyWithoutWebSockets";

    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use((context, inner) =>
        {
            if (context.Request.Headers.UserAgent.ToString().Contains(UserAgentMark, StringComparison.Ordinal)
                && context.Request.Headers.ContainsKey("Sec-WebSocket-Key"))
            {
                context.Response.StatusCode = StatusCodes.Status502BadGateway;
                return Task.CompletedTask;
            }

            return inner(context);
        });
        next(app);
    };
}
