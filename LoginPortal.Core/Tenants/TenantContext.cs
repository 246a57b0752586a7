namespace LoginPortal.Core.Tenants;

/// <summary>
/// The tenant of the current scope. Every query of <see cref="Data.PortalDbContext"/> is filtered by it; while none is
/// set, the queries find nothing.
/// </summary>
public sealed class TenantContext
{
    /// <summary>The tenant; <see langword="null"/> on pages without one.</summary>
    public TenantProfile? Current { get; private set; }

    /// <summary>The tenant, where there must be one.</summary>
    /// <exception cref="InvalidOperationException">No tenant has been set: a bug in the caller.</exception>
    public TenantProfile Required => Current ?? throw new InvalidOperationException("No tenant has been set for this scope.");

    /// <summary>Sets the tenant, once.</summary>
    /// <exception cref="InvalidOperationException">Another tenant has been set already.</exception>
    public void Set(TenantProfile tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        if (Current is not null && Current.Id != tenant.Id)
        {
            throw new InvalidOperationException("A scope belongs to one tenant.");
        }

        Current = tenant;
    }
}
