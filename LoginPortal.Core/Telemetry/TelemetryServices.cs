using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace LoginPortal.Core.Telemetry;

/// <summary>Registers what is measured, and OpenTelemetry where somebody is there to receive it.</summary>
internal static class TelemetryServices
{
    /// <summary>OpenTelemetry's own names, from the environment or any other configuration; one of them switches everything on.</summary>
    public static readonly IReadOnlyList<string> EndpointKeys =
    [
        "OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", "OTEL_EXPORTER_OTLP_LOGS_ENDPOINT",
    ];

    public static IHostApplicationBuilder AddTelemetry(this IHostApplicationBuilder builder)
    {
        builder.Services.AddMetrics().AddSingleton<PortalMetrics>().AddSingleton<DatabaseCommandMetrics>().AddHostedService<OutboxObserver>();
        builder.Services.ConfigureDbContext<SqlitePortalDbContext>(Measure).ConfigureDbContext<PostgreSqlPortalDbContext>(Measure);
        if (EndpointKeys.Any(key => builder.Configuration[key] is { Length: > 0 }))
        {
            AddOpenTelemetry(builder);
        }

        return builder;

        static void Measure(IServiceProvider services, DbContextOptionsBuilder options) =>
            options.AddInterceptors(services.GetRequiredService<DatabaseCommandMetrics>());
    }

    private static void AddOpenTelemetry(IHostApplicationBuilder builder)
    {
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService(
                builder.Environment.ApplicationName, serviceNamespace: "loginportal", serviceVersion: typeof(TelemetryServices).Assembly.GetName().Version?.ToString(3)))
            .WithMetrics(metrics => metrics
                .AddMeter(PortalMetrics.MeterName, "Microsoft.AspNetCore.Components", "Microsoft.AspNetCore.Components.Lifecycle", "Microsoft.AspNetCore.Components.Server.Circuits", "Npgsql")
                .AddAspNetCoreInstrumentation()
                .AddHttpClientInstrumentation()
                .AddRuntimeInstrumentation())
            .WithTracing(traces => traces
                .AddSource(PortalMetrics.MeterName)
                .AddAspNetCoreInstrumentation(requests => requests.Filter = context => !context.Request.Path.StartsWithSegments("/health", StringComparison.Ordinal))
                .AddHttpClientInstrumentation()
                .AddNpgsql()
                .AddProcessor(new TraceRedaction()))
            .WithLogging(logs => logs.AddProcessor(new LogRedaction()), options => options.IncludeFormattedMessage = false);
        telemetry.UseOtlpExporter();
    }
}
