using Microsoft.AspNetCore.Diagnostics;

namespace LoginPortal.Hosting;

/// <summary>
/// A page that tells of an error is shown, whatever was asked for: the request is run a second time for it, and if it was a post, its form
/// must not be handled by that page.
/// </summary>
internal sealed class ErrorPageMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null || context.Features.Get<IExceptionHandlerFeature>() is not null)
        {
            context.Request.Method = HttpMethods.Get;
        }

        return next(context);
    }
}
