namespace LoginPortal.Api.Http;

/// <summary>The headers of every response: what is answered is nobody else's to keep, and it is nothing but what it says it is.</summary>
internal sealed class ResponseHeadersMiddleware(RequestDelegate next, TimeProvider time)
{
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
                response.Headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
                response.Headers["Referrer-Policy"] = "no-referrer";
                response.Headers["Cross-Origin-Resource-Policy"] = "same-origin";
                return Task.CompletedTask;
            },
            (context.Response, identity.Id));
        return next(context);
    }
}
