using LoginPortal.Core.Data;
using LoginPortal.Core.Tokens;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace LoginPortal.Core.Setup;

/// <summary>
/// Whether this node should be sent requests: it is not on its way out, the database answers and has every migration that the node knows, the keys can
/// be read, and on SQLite the disk keeps what is written. A schema that is newer than the node is no reason to refuse: that is what an upgrade without
/// downtime looks like.
/// </summary>
public sealed class ReadinessCheck(
    IServiceScopeFactory scopes, DrainState drain, SigningKeys keys, IDataProtectionProvider protection) : IHealthCheck
{
    /// <summary>The tag of checks that <c>/health/ready</c> asks.</summary>
    public const string Tag = "ready";

    /// <summary>A schema is never taken back, and a key that could be read once is in memory: both are looked at until they are there.</summary>
    private volatile bool _isPrepared;

    /// <inheritdoc />
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (drain.IsDraining)
        {
            return HealthCheckResult.Unhealthy("The node is on its way out.");
        }

        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
            if (scope.ServiceProvider.GetService<WriteAheadLog>() is { HasFailed: true })
            {
                return HealthCheckResult.Unhealthy("The disk did not keep what was written. The node writes nothing until it is started anew.");
            }

            if (_isPrepared)
            {
                await database.Tenants.AnyAsync(cancellationToken);
                return HealthCheckResult.Healthy();
            }

            if ((await database.Database.GetPendingMigrationsAsync(cancellationToken)).Any())
            {
                return HealthCheckResult.Unhealthy("The database lacks migrations.");
            }

            await keys.GetCurrentAsync(cancellationToken);
            protection.CreateProtector(nameof(ReadinessCheck)).Protect([]);
            _isPrepared = true;
            return HealthCheckResult.Healthy();
        }
        catch (Exception exception) when (DatabaseFailure.Is(exception))
        {
            return HealthCheckResult.Unhealthy("The database does not answer.");
        }
        catch (System.Security.Cryptography.CryptographicException)
        {
            return HealthCheckResult.Unhealthy("The keys cannot be read.");
        }
    }
}
