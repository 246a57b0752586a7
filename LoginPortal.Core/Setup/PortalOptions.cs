namespace LoginPortal.Core.Setup;

/// <summary>The section <c>Portal</c> of the configuration, shared by both hosts.</summary>
public sealed class PortalOptions
{
    /// <summary>The name of the section.</summary>
    public const string Section = "Portal";

    /// <summary>
    /// The origin that people reach the portal at, for instance <c>https://login.example.com</c>. Links, cookies and passkeys
    /// are made for it. Required.
    /// </summary>
    public Uri? PublicOrigin { get; set; }

    /// <summary>Further hosts that requests may name, besides <see cref="PublicOrigin"/>'s and tenants' verified domains.</summary>
    public IList<string> AdditionalHosts { get; } = [];

    /// <summary>
    /// Addresses or networks (CIDR) of proxies in front of the portal, whose <c>X-Forwarded-For</c> and
    /// <c>X-Forwarded-Proto</c> are believed. Default none.
    /// </summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>Whether every page answers 503 with a notice. Default <see langword="false"/>.</summary>
    public bool Maintenance { get; set; }

    /// <summary>Live circuits that one node keeps; above it, pages are served as plain forms. Default 5,000.</summary>
    public int MaximumCircuits { get; set; } = 5_000;

    /// <summary>Live circuits from one network address. Default 100, which leaves room for an office behind one address.</summary>
    public int MaximumCircuitsPerAddress { get; set; } = 100;

    /// <summary>How often a live circuit asks whether its session still is, at most 60 seconds. Default 20 seconds.</summary>
    public TimeSpan SessionCheckInterval { get; set; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// How long a node that is asked to end says that it is not ready and serves on, so that a load balancer can turn away; at most 5 minutes.
    /// Default zero.
    /// </summary>
    public TimeSpan DrainDelay { get; set; }

    /// <summary>
    /// A PKCS #12 file whose certificate encrypts the Data Protection key ring in the database. Without one, whoever reads the
    /// database reads the keys. Default none.
    /// </summary>
    public string? KeyEncryptionCertificatePath { get; set; }

    /// <summary>
    /// A CSV file that says where network addresses are: first address, last address and the words of the place in each line, or a network such as
    /// <c>203.0.113.0/24</c> and the words. Nothing is asked of the network. Default none: no place is shown.
    /// </summary>
    public string? PlacesPath { get; set; }

    /// <summary>The password of <see cref="KeyEncryptionCertificatePath"/>.</summary>
    public string? KeyEncryptionCertificatePassword { get; set; }
}
