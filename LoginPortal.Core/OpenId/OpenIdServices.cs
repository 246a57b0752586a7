using LoginPortal.Core.Setup;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.OpenId;

/// <summary>Registers OpenID Connect.</summary>
internal static class OpenIdServices
{
    public static IServiceCollection AddOpenId(this IServiceCollection services)
    {
        services.AddCheckedOptions<OpenIdOptions>(OpenIdOptions.Section)
            .Validate(
                options => options.RefreshTokenIdleTimeout > TimeSpan.Zero && options.OfflineAccessLifetime > TimeSpan.Zero
                    && options.OfflineAccessLifetime <= TimeSpan.FromDays(366),
                "OpenId:RefreshTokenIdleTimeout must be more than zero, and OpenId:OfflineAccessLifetime at most 366.00:00:00.");
        services.AddSingleton<LogoutConnection>();
        services.AddHttpClient(nameof(LogoutSender), client => client.Timeout = LogoutSender.Timeout)
            .ConfigurePrimaryHttpMessageHandler(provider => provider.GetRequiredService<LogoutConnection>().CreateHandler());
        return services
            .AddSingleton<OpenIdIssuer>()
            .AddSingleton<OpenIdTokens>()
            .AddSingleton<Consents>()
            .AddSingleton<ClientAdministration>()
            .AddSingleton<LogoutSender>()
            .AddHostedService(provider => provider.GetRequiredService<LogoutSender>())
            .AddScoped<AuthorizationRequestReader>()
            .AddScoped<Authorizations>()
            .AddScoped<ClientAuthenticator>()
            .AddScoped<DpopProofs>()
            .AddScoped<TokenEndpoint>()
            .AddScoped<PresentedTokens>()
            .AddScoped<EndSession>()
            .AddScoped<ApplicationOrigins>();
    }
}
