using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;

namespace LoginPortal.Components.Administration;

/// <summary>A section of administration: an entry of its navigation and a line of its overview.</summary>
/// <param name="Address">The address, relative to the tenant.</param>
/// <param name="Name">What its texts are called by: <c>Administration.{Name}.Title</c> and <c>.Lead</c>.</param>
/// <param name="Right">Who may see it. Hiding the entry is a courtesy: the page asks for itself.</param>
internal sealed record AdministrationSection(string Address, string Name, AdministrationRight Right)
{
    /// <summary>The address of the overview.</summary>
    public const string Overview = "admin";

    /// <summary>Every section, in the order of the navigation.</summary>
    public static readonly IReadOnlyList<AdministrationSection> All =
    [
        new("admin/branding", "Branding", AdministrationRight.Tenant),
        new("admin/people", "People", AdministrationRight.Tenant),
        new("admin/activity", "Activity", AdministrationRight.Tenant),
        new("admin/audit", "Audit", AdministrationRight.Tenant),
        new("admin/policy", "Policy", AdministrationRight.Tenant),
        new("admin/domains", "Domains", AdministrationRight.Tenant),
        new("admin/applications", "Applications", AdministrationRight.Tenant),
        new("admin/platform/tenants", "Tenants", AdministrationRight.Platform),
        new("admin/platform/mails", "Mails", AdministrationRight.Platform),
        new("admin/platform/keys", "Keys", AdministrationRight.Platform),
    ];

    /// <summary>Those that somebody may see.</summary>
    public static IEnumerable<AdministrationSection> For(PortalRole role) => All.Where(section => section.Right switch
    {
        AdministrationRight.Platform => role == PortalRole.PlatformOperator,
        _ => role != PortalRole.Member,
    });
}
