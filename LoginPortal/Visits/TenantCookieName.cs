using LoginPortal.Core.Tenants;

namespace LoginPortal.Visits;

/// <summary>
/// Names of cookies. A <c>__Host-</c> cookie cannot be narrowed to a path, so the tenant stands in its name: two tenants of one
/// host never read each other's.
/// </summary>
internal static class TenantCookieName
{
    public static string For(string name, TenantProfile tenant) => $"{name}.{tenant.Slug}";
}
