using LoginPortal.Circuits;
using LoginPortal.KeptPages;
using LoginPortal.Core.Setup;
using LoginPortal.Security;
using LoginPortal.SessionEndpoints;
using LoginPortal.Tenancy;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.AspNetCore.Components.Server.Circuits;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.CookiePolicy;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.HttpsPolicy;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Radzen;

namespace LoginPortal.Hosting;

/// <summary>Registers the pages and what stands around them.</summary>
internal static class PortalServices
{
    /// <summary>The largest form of the portal is a few kilobytes.</summary>
    private const long MaximumRequestBody = 256 * 1024;

    public static WebApplicationBuilder AddPortal(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaximumRequestBody;
        });
        // A token that cannot be read is somebody's garbled form, which is shown anew; the framework would log it as an error of the portal.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Antiforgery", LogLevel.Critical);

        // What is posted stays in memory: the file system may be read-only.
        builder.Services.Configure<FormOptions>(form => form.MemoryBufferThreshold = (int)MaximumRequestBody);
        builder.Services
            .AddPages()
            .AddSessions()
            .AddProtection()
            .AddSingleton<PortalHosts>();
        return builder;
    }

    private static IServiceCollection AddPages(this IServiceCollection services)
    {
        services.AddRazorComponents()
            .AddInteractiveServerComponents(circuits =>
            {
                // A page whose circuit is gone works on as a plain form, so there is little to keep a lost circuit for.
                circuits.DisconnectedCircuitMaxRetained = 200;
                circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(1);
            })
            .RegisterPersistentService<PortalVisit>(RenderMode.InteractiveServer);
        return services
            .AddCircuitJson()
            .AddRadzenComponents()
            .AddScoped<PortalVisit>()
            .AddScoped<PortalText>()
            .AddScoped<LinkToken>()
            .AddSingleton<CircuitGate>()
            .AddSingleton<KeptPageStore>()
            .AddScoped<CircuitHandler, TenantCircuitHandler>()
            .AddScoped<AuthenticationStateProvider, SessionAuthenticationStateProvider>();
    }

    private static IServiceCollection AddSessions(this IServiceCollection services)
    {
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(cookie =>
        {
            cookie.Cookie.Name = CookieNames.Session;
            cookie.Cookie.Path = "/";
            cookie.Cookie.HttpOnly = true;
            cookie.Cookie.SecurePolicy = CookieSecurePolicy.Always;
            cookie.Cookie.SameSite = SameSiteMode.Lax;
            cookie.CookieManager = new TenantCookieManager();
            cookie.EventsType = typeof(SessionCookieEvents);
            cookie.SlidingExpiration = false;
            cookie.LoginPath = "/sign-in";
            cookie.ReturnUrlParameter = "returnUrl";
        });
        return services.AddAuthorization().AddScoped<SessionCookieEvents>().AddScoped<BrowserAccounts>().AddScoped<SessionHandoff>();
    }

    private static IServiceCollection AddProtection(this IServiceCollection services)
    {
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = CookieNames.Antiforgery;
            antiforgery.Cookie.Path = "/";
            antiforgery.Cookie.SameSite = SameSiteMode.Lax;
            antiforgery.SuppressXFrameOptionsHeader = true;

            // The framework refuses to set a Secure cookie on http://localhost, which browsers accept; the cookie policy adds it.
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.None;
        });
        services.AddSingleton<IAntiforgeryAdditionalDataProvider, AntiforgeryTenantData>();
        var framework = services.Last(service => service.ServiceType == typeof(IAntiforgery)).ImplementationType!;
        services.AddSingleton<IAntiforgery>(provider =>
            new SignInAntiforgery((IAntiforgery)ActivatorUtilities.CreateInstance(provider, framework)));
        services.AddScoped<FormTokens>();
        services.Replace(ServiceDescriptor.Scoped<AntiforgeryStateProvider>(provider => provider.GetRequiredService<FormTokens>()));
        services.Configure<CookiePolicyOptions>(policy =>
        {
            policy.Secure = CookieSecurePolicy.Always;
            policy.HttpOnly = HttpOnlyPolicy.Always;
            policy.MinimumSameSitePolicy = SameSiteMode.Lax;
        });
        services.Configure<HstsOptions>(hsts =>
        {
            hsts.MaxAge = TimeSpan.FromDays(365);
            hsts.IncludeSubDomains = true;
        });
        services.AddOptions<ForwardedHeadersOptions>()
            .Configure<IOptions<PortalOptions>>((forwarded, portal) => TrustedProxies.Apply(portal.Value, forwarded));
        return services;
    }
}
