using LoginPortal.Api.Admin;
using LoginPortal.Api.Contracts.Accounts;
using LoginPortal.Api.Contracts.SystemAuth;
using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Contracts.UserPassport;
using LoginPortal.Api.Me;
using LoginPortal.Api.OpenApi;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tokens;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace LoginPortal.Api.Http;

/// <summary>The order in which a request passes through the API, and where it can end.</summary>
internal static class ApiPipeline
{
    public static WebApplication UseApi(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<ResponseHeadersMiddleware>();
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            StatusCodeSelector = StatusOf,
            ExceptionHandler = WriteErrorAsync,
        });
        app.UseStatusCodePages(context => WriteErrorAsync(context.HttpContext));
        app.UseRouting();
        app.UseCors();
        app.UseRateLimiter();

        app.MapTenantAuth();
        app.MapAccounts();
        app.MapSystemAuth();
        app.MapUserPassport();
        app.MapMe();
        app.MapAdmin();
        app.UseContractDocuments();
        app.MapGet(PublishedKeySet.Path, GetKeysAsync).ExcludeFromDescription();
        app.MapHealthChecks("/health/live", new HealthCheckOptions { Predicate = _ => false }).DisableRateLimiting();
        app.MapHealthChecks("/health/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadinessCheck.Tag) }).DisableRateLimiting();
        return app;
    }

    /// <summary>The public keys that access tokens can be checked with.</summary>
    private static async Task<IResult> GetKeysAsync(SigningKeys keys, CancellationToken cancellationToken) =>
        TypedResults.Ok(await keys.GetPublishedAsync(cancellationToken));

    /// <summary>A request that the server itself finds malformed is the client's fault, not an error of ours.</summary>
    private static int StatusOf(Exception exception) =>
        exception is BadHttpRequestException { StatusCode: var status } ? status : DatabaseFailure.StatusOf(exception);

    private static Task WriteErrorAsync(HttpContext context) => ApiError.Of(context.Response.StatusCode).ExecuteAsync(context);
}
