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
    /// <summary>All of it in one piece: that is how it travels to the circuit.</summary>
    [PersistentState]
    public VisitState State { get; set; } = new(TenantId: null, BindingHash: null, TrustedDeviceToken: null, IpAddress: null, UserAgent: null, CultureName: null);

    /// <summary>The language of the page; English until it is known.</summary>
    public CultureInfo Culture => CultureInfo.GetCultureInfo(State.CultureName ?? "en");

    /// <summary>What Core is told of the request.</summary>
    public RequestFacts Facts => new(State.IpAddress, State.UserAgent, State.CultureName);
}

/// <summary>What is known of a visit.</summary>
/// <param name="TenantId">The tenant of the page; <see langword="null"/> on pages without one.</param>
/// <param name="BindingHash">SHA-256 of the browser's binding cookie, see <see cref="BrowserBinding"/>.</param>
/// <param name="TrustedDeviceToken">The token of this browser's trust, if the person trusted it, see <see cref="TrustedDeviceCookie"/>.</param>
/// <param name="IpAddress">The network address of the request.</param>
/// <param name="UserAgent">The User-Agent header of the request, cut to 512 characters.</param>
/// <param name="CultureName">The language of the page, as a culture name.</param>
public sealed record VisitState(
    Guid? TenantId, string? BindingHash, string? TrustedDeviceToken, string? IpAddress, string? UserAgent, string? CultureName);
