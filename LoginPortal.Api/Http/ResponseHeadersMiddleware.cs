namespace LoginPortal.Api.Http;

/// <summary>The headers of every response: what is answered is nobody else's to keep, and it is nothing but what it says it is.</summary>
internal sealed class ResponseHeadersMiddleware(RequestDelegate next, TimeProvider time)
{
    /// <summary>For the page of Development that the documents are tried on.</summary>
    private const string DocumentationPolicy =
        "default-src 'self'; style-src 'self' 'unsafe-inline'; script-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'";

    public Task InvokeAsync(HttpContext context, RequestIdentity identity)
    {
        identity.Take(context, time);
        context.Response.OnStarting(
            static state =>
            {
                var (response, id) = ((HttpResponse, string))state;
                response.Headers[RequestIdentity.Header] = id;
                response.Headers.CacheControl = "no-store";
                response.Headers.XContentTypeOptions = "nosniff";
                response.Headers.ContentSecurityPolicy = response.HttpContext.Request.Path.StartsWithSegments("/docs", StringComparison.Ordinal)
                    ? DocumentationPolicy
                    : "default-src 'none'; frame-ancestors 'none'";
                response.Headers["Referrer-Policy"] = "no-referrer";
                response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
                return Task.CompletedTask;
            },
            (context.Response, identity.Id));
        return next(context);
    }
}
