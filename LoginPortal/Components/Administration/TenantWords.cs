using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;
using LoginPortal.Visits;

namespace LoginPortal.Components.Administration;

/// <summary>How a tenant stands, in words.</summary>
internal static class TenantWords
{
    public static string StateOf(PortalText text, TenantSummary tenant) => tenant switch
    {
        { DeletionDueAt: { } due } => text.Format("Administration.Tenants.Deleting", due.ToString("d", text.Culture)),
        { Status: TenantStatus.Suspended } => text.Format("Administration.Tenants.Suspended"),
        _ => text.Format("Administration.Tenants.Active"),
    };
}
