using Microsoft.Playwright;

namespace LoginPortal.EndToEnd.Looks;

/// <summary>How a tenant's pages look.</summary>
/// <param name="Name">The tenant.</param>
/// <param name="Domain">The domain of its people's addresses.</param>
/// <param name="Schemes">The colour schemes it has: one that it insists on, or those of the person's device.</param>
public sealed record Look(string Name, string Domain, IReadOnlyList<ColorScheme> Schemes)
{
    public static IReadOnlyList<Look> All { get; } =
    [
        new("acme", "acme.example", [ColorScheme.Light]),
        new("globex", "globex.example", [ColorScheme.Dark]),
        new("platform", "portal.example", [ColorScheme.Light, ColorScheme.Dark]),
    ];

    public static Look Named(string name) => All.Single(look => look.Name == name);
}
