using LoginPortal.EndToEnd.Fixtures;
using LoginPortal.EndToEnd.Pages;

namespace LoginPortal.EndToEnd.Looks;

/// <summary>One thing that the portal can show, and how to come to see it.</summary>
/// <param name="Name">Its name, also of its pictures.</param>
/// <param name="Looks">The names of the looks it is worth seeing in.</param>
/// <param name="OpenAsync">Brings a visitor there.</param>
public sealed record PageState(string Name, IReadOnlyList<string> Looks, Func<Visitor, Look, Task<PortalPage>> OpenAsync)
{
    /// <summary>What the browser's console says because the page is answered with this status.</summary>
    public int? Status { get; init; }

    /// <summary>Whether it is seen only while the portal is being worked on.</summary>
    public bool DuringMaintenance { get; init; }
}
