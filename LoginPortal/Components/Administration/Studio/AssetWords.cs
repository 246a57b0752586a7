using LoginPortal.Core.Tenants.Assets;
using LoginPortal.Visits;

namespace LoginPortal.Components.Administration.Studio;

/// <summary>Why a picture or font is refused, in words.</summary>
internal static class AssetWords
{
    public static string Of(PortalText text, AssetProblem problem) => text.Format($"Administration.Asset.{problem.Kind}", problem.What, problem.Line);
}
