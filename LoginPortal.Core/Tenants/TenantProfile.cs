namespace LoginPortal.Core.Tenants;

/// <summary>What a request needs to know of its tenant: an immutable picture, read once a request or circuit.</summary>
/// <param name="Id">The tenant's identifier.</param>
/// <param name="Slug">The name in the address.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="Policy">Its rules.</param>
/// <param name="BrandingVersion">The live revision; <see cref="Guid.Empty"/> for the portal's own look.</param>
/// <param name="Branding">Its look and words.</param>
/// <param name="PrimaryHost">The custom domain that its links use; <see langword="null"/> for <c>/t/{slug}</c>.</param>
public sealed record TenantProfile(
    Guid Id,
    string Slug,
    string DisplayName,
    TenantPolicy Policy,
    Guid BrandingVersion,
    Branding Branding,
    string? PrimaryHost)
{
    /// <summary>
    /// The absolute address of the tenant's pages, with a closing slash, from configuration alone: a request's Host header
    /// never ends up in a link.
    /// </summary>
    /// <param name="portalOrigin">The origin of the portal itself.</param>
    public Uri BaseAddress(Uri portalOrigin) => PrimaryHost is { } host
        ? new UriBuilder(portalOrigin) { Host = host, Path = "/" }.Uri
        : new Uri(portalOrigin, $"/t/{Slug}/");
}
