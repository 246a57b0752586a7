using Microsoft.AspNetCore.Antiforgery;

namespace LoginPortal.Security;

/// <summary>
/// A form whose antiforgery token no longer fits is mostly no attack: the page had been open for long, or the person signed in
/// or out in another tab meanwhile. Nothing was done; the page is shown anew, with a fresh token.
/// </summary>
internal sealed class StaleFormMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false })
        {
            // A path that only takes posts cannot be shown; the tenant's start page sorts out where the person belongs.
            var isPage = context.GetEndpoint()?.Metadata.GetMetadata<Microsoft.AspNetCore.Components.Endpoints.ComponentTypeMetadata>() is not null;
            context.Response.StatusCode = StatusCodes.Status303SeeOther;
            context.Response.Headers.Location = isPage
                ? context.Request.PathBase + context.Request.Path + context.Request.QueryString
                : context.Request.PathBase + "/";
            return Task.CompletedTask;
        }

        return next(context);
    }
}
