using System.Text.Json;
using System.Text.Json.Serialization;
using LoginPortal.Core.Data;

namespace LoginPortal.Api.Http;

/// <summary>Registers what the endpoints of every contract stand on.</summary>
internal static class ApiServices
{
    /// <summary>The largest body of any contract, in bytes; a longer one is answered with 413.</summary>
    private const long MaximumRequestBody = 64 * 1024;

    public static WebApplicationBuilder AddApi(this WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = MaximumRequestBody;
        });
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.AllowDuplicateProperties = false;
            json.SerializerOptions.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower));
        });
        builder.Services.AddScoped<RequestIdentity>();
        builder.Services.AddHealthChecks().AddDbContextCheck<PortalDbContext>(tags: ["ready"]);
        return builder;
    }
}
