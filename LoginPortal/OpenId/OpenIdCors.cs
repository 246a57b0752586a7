using LoginPortal.Core.OpenId;

namespace LoginPortal.OpenId;

/// <summary>
/// Lets scripts of other origins read the answers of endpoints that a single-page application calls. No cookie is ever read there, so an origin gets
/// nothing that it could not fetch from anywhere else; those that no application of the tenant has are refused all the same.
/// </summary>
internal static class OpenIdCors
{
    public static void AllowAll(HttpContext context) => context.Response.Headers.AccessControlAllowOrigin = "*";

    public static IResult AnswerPreflightForAll(HttpContext context)
    {
        AllowAll(context);
        return TypedResults.NoContent();
    }

    public static async Task<IResult> AnswerPreflightAsync(HttpContext context, ApplicationOrigins origins, CancellationToken cancellationToken)
    {
        await AllowAsync(context, origins, cancellationToken);
        context.Response.Headers.AccessControlAllowMethods = "GET, POST";
        context.Response.Headers.AccessControlAllowHeaders = "authorization, content-type, dpop";
        context.Response.Headers.AccessControlMaxAge = "600";
        return TypedResults.NoContent();
    }

    public static async Task AllowAsync(HttpContext context, ApplicationOrigins origins, CancellationToken cancellationToken)
    {
        context.Response.Headers.Append("Vary", "Origin");
        if (context.Request.Headers.Origin is [{ Length: > 0 } origin] && await origins.ContainAsync(origin, cancellationToken))
        {
            context.Response.Headers.AccessControlAllowOrigin = origin;
            context.Response.Headers.AccessControlExposeHeaders = "WWW-Authenticate";
        }
    }
}
