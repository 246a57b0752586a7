using LoginPortal.Administration;
using LoginPortal.Branding;
using LoginPortal.Circuits;
using LoginPortal.Components;
using LoginPortal.Core.Data;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Tokens;
using LoginPortal.Development;
using LoginPortal.KeptPages;
using LoginPortal.OpenId;
using LoginPortal.Security;
using LoginPortal.SessionEndpoints;
using LoginPortal.Tenancy;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace LoginPortal.Hosting;

/// <summary>The order in which a request passes through the portal, and where it can end.</summary>
internal static class PortalPipeline
{
    public static WebApplication UsePortal(this WebApplication app)
    {
        app.UseForwardedHeaders();
        app.UseMiddleware<SecurityHeadersMiddleware>();
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandlingPath = "/status/500",
            CreateScopeForErrors = true,
            StatusCodeSelector = DatabaseFailure.StatusOf,
        });
        app.UseStatusCodePagesWithReExecute("/status/{0}", createScopeForStatusCodePages: true);
        app.UseMiddleware<ErrorPageMiddleware>();
        app.UseCookiePolicy();
        app.UseMiddleware<TenantPathMiddleware>();
        app.UseRouting();
        app.UseMiddleware<TenantMiddleware>();
        app.UseMiddleware<MaintenanceMiddleware>();
        app.UseWebSockets();
        app.UseMiddleware<CircuitConnectionMiddleware>();
        app.UseAuthentication();
        app.UseMiddleware<VisitMiddleware>();
        app.UseMiddleware<KeptPageMiddleware>();
        app.UseMiddleware<BrandingPreviewMiddleware>();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.UseMiddleware<StaleFormMiddleware>();

        app.MapStaticAssets();
        app.MapBrand();
        app.MapSessionEndpoints();
        app.MapChangePassword();
        app.MapPasskeys();
        app.MapPictures();
        app.MapDataDownload();
        app.MapAdministrationDownloads();
        app.MapOpenId();
        app.MapHealth();
        app.MapGet(PublishedKeySet.Path, GetKeysAsync).WithMetadata(new AnyHostAttribute());
        if (app.Environment.IsDevelopment())
        {
            app.MapMailbox();
        }

        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(circuits =>
        {
            // The portal's own policy says it, stricter; and nothing secret is worth a compressed length.
            circuits.ContentSecurityFrameAncestorsPolicy = null;
            circuits.DisableWebSocketCompression = true;
        });
        return app;
    }

    /// <summary>Tells whoever started the portal what to do next.</summary>
    public static async Task AnnounceAsync(this WebApplication app, TextWriter output)
    {
        var origin = app.Services.GetRequiredService<IOptions<PortalOptions>>().Value.PublicOrigin!;
        await output.WriteLineAsync($"LoginPortal is ready. Open {origin}");
        if (app.Environment.IsDevelopment())
        {
            await output.WriteLineAsync($"Demo: {new Uri(origin, "/t/acme/sign-in")} as user@acme.example, password {DemoData.Password}");
            await output.WriteLineAsync($"Mails: {new Uri(origin, "/dev/mailbox")}");
            return;
        }

        await using var scope = app.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<FirstOperator>().CreateLinkAsync(CancellationToken.None) is { } link)
        {
            await output.WriteLineAsync($"There is no platform operator yet. This link creates the first one, once, within 24 hours: {link}");
        }
    }

    /// <summary>The public keys that access tokens of the JSON host can be checked with.</summary>
    private static async Task<IResult> GetKeysAsync(HttpContext context, SigningKeys keys, CancellationToken cancellationToken)
    {
        OpenIdCors.AllowAll(context);
        return TypedResults.Json(await keys.GetPublishedAsync(cancellationToken));
    }

    private static void MapHealth(this IEndpointRouteBuilder endpoints)
    {
        var health = endpoints.MapGroup("/health").WithMetadata(new AnyHostAttribute());
        health.MapHealthChecks("/live", new HealthCheckOptions { Predicate = _ => false });
        health.MapHealthChecks("/ready", new HealthCheckOptions { Predicate = check => check.Tags.Contains(ReadinessCheck.Tag) });
    }
}
