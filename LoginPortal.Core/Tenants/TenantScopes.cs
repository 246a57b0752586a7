using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Tenants;

/// <summary>Makes a scope of one's own a scope of a tenant, as a request is.</summary>
internal static class TenantScopes
{
    /// <summary>Sets the scope's tenant.</summary>
    /// <returns><see langword="null"/> if there is no such tenant, or it is suspended: then every query in the scope finds nothing.</returns>
    public static async Task<TenantProfile?> EnterTenantAsync(this AsyncServiceScope scope, Guid tenantId, CancellationToken cancellationToken)
    {
        var services = scope.ServiceProvider;
        var tenant = await services.GetRequiredService<TenantDirectory>().FindKnownAsync(tenantId, cancellationToken);
        if (tenant is not null)
        {
            services.GetRequiredService<TenantContext>().Set(tenant);
        }

        return tenant;
    }
}
