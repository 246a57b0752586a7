namespace LoginPortal.Security;

/// <summary>
/// Every cookie of the portal: <c>__Host-</c>, so Secure, for the whole host and for no other; HttpOnly; and SameSite=Lax,
/// because applications send people here from other sites.
/// </summary>
internal static class CookieNames
{
    /// <summary>The session; the tenant's slug is added.</summary>
    public const string Session = "__Host-portal.session";

    /// <summary>The antiforgery cookie; the tenant is inside the token.</summary>
    public const string Antiforgery = "__Host-portal.antiforgery";

    /// <summary>A one-time link's token on its way from the address to the page; the page's name and the tenant's slug are added.</summary>
    public const string Link = "__Host-portal.link";
}
