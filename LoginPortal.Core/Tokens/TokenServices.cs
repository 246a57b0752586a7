using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tokens;

/// <summary>Registers what clients without a browser need.</summary>
internal static class TokenServices
{
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddCheckedOptions<TokenOptions>(TokenOptions.Section)
            .Validate(
                options => options.AccessTokenLifetime >= TimeSpan.FromMinutes(1) && options.AccessTokenLifetime <= TimeSpan.FromHours(1),
                "Tokens:AccessTokenLifetime must be 00:01:00 to 01:00:00.")
            .Validate(options => options.Audience.Length > 0, "Tokens:Audience must not be empty.");
        return services
            .AddSingleton<SigningKeys>()
            .AddSingleton<AccessTokens>()
            .AddSingleton<RefreshTokenExchange>()
            .AddSingleton(services => new SessionTokens(
                services.GetRequiredService<IServiceScopeFactory>(),
                services.GetRequiredService<RefreshTokenExchange>(),
                services.GetRequiredService<AccessTokens>(),
                services.GetRequiredService<TimeProvider>()))
            .AddSingleton<ApiSignIn>()
            .AddScoped<FlowHandles>()
            .AddScoped<SecondFactorOverview>()
            .AddScoped<ApiKeys>()
            .AddScoped<BearerCheck>();
    }
}
