using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Core.Data;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace LoginPortal.Api.Http;

/// <summary>The order in which a request passes through the API, and where it can end.</summary>
internal static class ApiPipeline
{
    public static WebApplication UseApi(this WebApplication app)
    {
        app.UseMiddleware<ResponseHeadersMiddleware>();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = DatabaseFailure.StatusOf,
            ExceptionHandler = WriteErrorAsync,
        });
        app.UseStatusCodePages(context => WriteErrorAsync(context.HttpContext));
        app.UseRouting();

        app.MapTenantAuth();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false });
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains("ready") });
        return app;
    }

    private static Task WriteErrorAsync(HttpContext context)
    {
        var status = context.Response.StatusCode;
        if (status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = "30";
        }

        var (code, message) = ErrorCode.Of(status);
        var identity = context.RequestServices.GetRequiredService<RequestIdentity>();
        return context.Response.WriteAsJsonAsync(ErrorEnvelope.Create(code, message, identity), context.RequestAborted);
    }
}
