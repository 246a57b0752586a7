using System.Text.Json;
using System.Text.Json.Serialization;
using LoginPortal.Api.Contracts.Accounts;
using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.OpenApi;
using LoginPortal.Core.Setup;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;

namespace LoginPortal.Api.Http;

/// <summary>Registers what the endpoints of every contract stand on.</summary>
internal static class ApiServices
{
    private const int MaximumHeaders = 16 * 1024;

    public static WebApplicationBuilder AddApi(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = ApiError.MaximumBody;
            kestrel.Limits.MaxRequestHeadersTotalSize = MaximumHeaders;
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        });
        builder.Services.AddOptions<ForwardedHeadersOptions>()
            .Configure<IOptions<PortalOptions>>((forwarded, portal) => TrustedProxies.Apply(portal.Value, forwarded));
        builder.Services.AddHttpContextAccessor().AddScoped<RequestIdentity>().AddScoped<Caller>().AddScoped<PasskeyRegistration>().AddScoped<Envelopes>().AddScoped<AccountsMapper>().AddContractDocuments().AddAddressLimit();
        builder.Services.AddCors().AddSingleton<ICorsPolicyProvider, TenantCorsPolicies>();
        return builder;
    }
}
