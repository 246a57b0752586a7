using System.Globalization;
using LoginPortal.Core.SignIn;
using Microsoft.AspNetCore.Components;

namespace LoginPortal.Visits;

/// <summary>
/// Who is looking at a page, and from where. Filled from the request. A circuit has none: it gets what is the browser's from the request that opened it,
/// and what is the page's from the page, where it travels protected against reading and changing.
/// </summary>
public sealed class PortalVisit
{
    /// <summary>What is known of the browser.</summary>
    public VisitState State { get; set; } = CircuitOpening.Current?.Visit ?? VisitState.Unknown;

    /// <summary>What is known of the page. It is the same for everybody who looks at it, so that a page can be kept.</summary>
    [PersistentState]
    public VisitedPage Page { get; set; } = new(TenantId: null, CultureName: null);

    /// <summary>Whether this node has room for a circuit of this browser.</summary>
    public bool HasRoomForCircuit { get; set; }

    /// <summary>The language of the page; English until it is known.</summary>
    public CultureInfo Culture => CultureInfo.GetCultureInfo(Page.CultureName ?? "en");

    /// <summary>What Core is told of the request.</summary>
    public RequestFacts Facts => new(State.IpAddress, State.UserAgent, Page.CultureName);
}

/// <summary>What is known of a browser.</summary>
/// <param name="BindingHash">SHA-256 of the browser's binding cookie, see <see cref="BrowserBinding"/>.</param>
/// <param name="TrustedDeviceToken">The token of this browser's trust, if the person trusted it, see <see cref="TrustedDeviceCookie"/>.</param>
/// <param name="IpAddress">The network address of the request.</param>
/// <param name="UserAgent">The User-Agent header of the request, cut to 512 characters.</param>
public sealed record VisitState(string? BindingHash, string? TrustedDeviceToken, string? IpAddress, string? UserAgent)
{
    /// <summary>Before there was a request.</summary>
    public static VisitState Unknown { get; } = new(BindingHash: null, TrustedDeviceToken: null, IpAddress: null, UserAgent: null);
}

/// <summary>What is known of a page.</summary>
/// <param name="TenantId">Its tenant; <see langword="null"/> on pages without one.</param>
/// <param name="CultureName">Its language, as a culture name.</param>
public sealed record VisitedPage(Guid? TenantId, string? CultureName);
