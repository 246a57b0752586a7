using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Components.Endpoints;
using Microsoft.AspNetCore.Diagnostics;

namespace LoginPortal.Security;

/// <summary>
/// A form whose antiforgery token no longer fits is mostly no attack: the page had been open for long, or the person signed in
/// or out in another tab meanwhile. The same goes for a form that its page no longer shows, because the sign-in has gone on or is over.
/// Nothing was done; the page is shown as it is now, with a fresh token.
/// </summary>
internal sealed class StaleFormMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context)
    {
        if (context.Features.Get<IStatusCodeReExecuteFeature>() is not null)
        {
            // The page that tells of an error takes no form, whatever was posted.
            return next(context);
        }

        var isPage = context.GetEndpoint()?.Metadata.GetMetadata<ComponentTypeMetadata>() is not null;
        if (context.Features.Get<IAntiforgeryValidationFeature>() is { IsValid: false } validation)
        {
            // A form that was never read to its end has no token either; to show its page anew would hide what is wrong with it.
            if (validation.Error?.InnerException is BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge })
            {
                context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
                return Task.CompletedTask;
            }

            // A path that only takes posts cannot be shown; the tenant's start page sorts out where the person belongs.
            ShowAgain(context.Response, isPage);
            return Task.CompletedTask;
        }

        if (isPage && HttpMethods.IsPost(context.Request.Method))
        {
            // The framework answers a form that it does not find with plain words for developers.
            context.Response.OnStarting(
                static state =>
                {
                    var response = (HttpResponse)state;
                    if (response.StatusCode == StatusCodes.Status400BadRequest
                        && response.HttpContext.Features.Get<IStatusCodeReExecuteFeature>() is null)
                    {
                        ShowAgain(response, isPage: true);
                    }

                    return Task.CompletedTask;
                },
                context.Response);
        }

        return next(context);
    }

    private static void ShowAgain(HttpResponse response, bool isPage)
    {
        var request = response.HttpContext.Request;
        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers.Location = isPage ? request.PathBase + request.Path + request.QueryString : request.PathBase + "/";
    }
}
