using LoginPortal.Core.Tenants;
using LoginPortal.Visits;

namespace LoginPortal.Components.Administration.Studio;

/// <summary>What is wrong with a value of branding, in words.</summary>
internal static class BrandingProblemWords
{
    public static string Of(PortalText text, BrandingProblem problem) => problem switch
    {
        { Styles: { } styles } => text.Format($"Administration.Branding.Styles.{styles.Kind}", styles.Line, styles.What),
        { Most: { } most } => text.Format($"Administration.Branding.Problem.{problem.Kind}", most),
        _ => text[$"Administration.Branding.Problem.{problem.Kind}"],
    };
}
