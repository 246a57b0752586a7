namespace LoginPortal.Core.OpenId;

/// <summary>The section <c>OpenId</c> of the configuration.</summary>
public sealed class OpenIdOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "OpenId";

    /// <summary>How long a refresh token works without being used. Default 30 days.</summary>
    public TimeSpan RefreshTokenIdleTimeout { get; set; } = TimeSpan.FromDays(30);

    /// <summary>How long an application keeps its access while the person is away, whatever happens. Default 90 days.</summary>
    public TimeSpan OfflineAccessLifetime { get; set; } = TimeSpan.FromDays(90);

    /// <summary>
    /// Whether applications in private networks are told of ended sessions. Default <see langword="false"/>: then the portal connects to public
    /// addresses alone, so that nobody who registers an application can make it reach into the network behind it.
    /// </summary>
    public bool AllowPrivateNetworks { get; set; }
}
