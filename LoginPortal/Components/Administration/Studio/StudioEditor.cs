using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tenants.Assets;

namespace LoginPortal.Components.Administration.Studio;

/// <summary>What the panels of the studio work on.</summary>
/// <param name="Document">The look and the words as they are now.</param>
/// <param name="Problems">What is wrong with them.</param>
/// <param name="Change">Makes them otherwise; saved a moment later.</param>
/// <param name="UploadAsync">Stores a picture or font; <see langword="null"/> where the page has something else to show by now.</param>
public sealed record StudioEditor(
    Core.Tenants.Branding Document,
    IReadOnlyList<BrandingProblem> Problems,
    Action<Func<Core.Tenants.Branding, Core.Tenants.Branding>> Change,
    Func<ReadOnlyMemory<byte>, AssetUse, Task<AssetResult?>> UploadAsync)
{
    /// <summary>What is wrong with the value at a path; <see langword="null"/> if nothing is.</summary>
    public BrandingProblem? ProblemOf(string path) => Problems.FirstOrDefault(problem => problem.Path == path);

    /// <summary>Makes the background otherwise, which there is one of then.</summary>
    public void ChangeBackground(Func<BrandBackground, BrandBackground> change) =>
        Change(branding => branding with { Background = change(branding.Background ?? new BrandBackground()) });
}
