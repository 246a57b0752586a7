using System.Threading.RateLimiting;
using LoginPortal.Core.Setup;
using Microsoft.AspNetCore.RateLimiting;
using Microsoft.Extensions.Options;

namespace LoginPortal.Api.Http;

/// <summary>Limits what one network address can send to a node. Wrong guesses are counted by account beside it, over all nodes and hosts.</summary>
internal static class AddressLimit
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    public static IServiceCollection AddAddressLimit(this IServiceCollection services)
    {
        services.AddCheckedOptions<ApiOptions>(ApiOptions.Section)
            .Validate(options => options.RequestsPerMinutePerAddress > 0, "Api:RequestsPerMinutePerAddress must be more than zero.");
        services.AddRateLimiter(_ => { });
        services.AddOptions<RateLimiterOptions>().Configure<IOptions<ApiOptions>>((limiter, api) =>
        {
            limiter.GlobalLimiter = PartitionedRateLimiter.Create<HttpContext, string>(context => RateLimitPartition.GetSlidingWindowLimiter(
                context.Connection.RemoteIpAddress?.ToString() ?? "",
                _ => new SlidingWindowRateLimiterOptions
                {
                    PermitLimit = api.Value.RequestsPerMinutePerAddress,
                    Window = Window,
                    SegmentsPerWindow = 6,
                }));
            limiter.OnRejected = async (rejected, _) => await ApiError
                .TooManyAttempts(rejected.Lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) ? wait : TimeSpan.FromSeconds(10))
                .ExecuteAsync(rejected.HttpContext);
        });
        return services;
    }
}
