namespace LoginPortal.Security;

/// <summary>Tells the pages of administration from those of everybody.</summary>
internal static class AdministrationRequests
{
    private static readonly PathString Root = new("/admin");

    /// <summary>Whether the request is for a page of administration.</summary>
    public static bool IsAdministration(this HttpContext context) => context.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase);
}
