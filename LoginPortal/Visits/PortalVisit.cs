using System.Globalization;
using LoginPortal.Core.SignIn;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Visits;

/// <summary>
/// Who is looking at a page, and from where. Filled from the request; a circuit, which has no request, gets it from the page
/// it belongs to, where it travels protected against reading and changing.
/// </summary>
public sealed class PortalVisit
{
    /// <summary>The tenant of the page; <see langword="null"/> on pages without one.</summary>
    [PersistentState]
    public Guid? TenantId { get; set; }

    /// <summary>SHA-256 of the browser's binding cookie, see <see cref="BrowserBinding"/>.</summary>
    [PersistentState]
    public string? BindingHash { get; set; }

    /// <summary>The token of this browser's trust, if the person trusted it, see <see cref="TrustedDeviceCookie"/>.</summary>
    [PersistentState]
    public string? TrustedDeviceToken { get; set; }

    /// <summary>The network address of the request.</summary>
    [PersistentState]
    public string? IpAddress { get; set; }

    /// <summary>The User-Agent header of the request, cut to 512 characters.</summary>
    [PersistentState]
    public string? UserAgent { get; set; }

    /// <summary>The language of the page, as a culture name.</summary>
    [PersistentState]
    public string? CultureName { get; set; }

    /// <summary>The language of the page; English until it is known.</summary>
    public CultureInfo Culture => CultureInfo.GetCultureInfo(CultureName ?? "en");

    /// <summary>What Core is told of the request.</summary>
    public RequestFacts Facts => new(IpAddress, UserAgent);
}
