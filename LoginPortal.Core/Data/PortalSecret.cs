namespace LoginPortal.Core.Data;

/// <summary>A random value that the portal made for itself once, shared by all nodes and tenants.</summary>
public sealed class PortalSecret
{
    /// <summary>What it is for.</summary>
    public required string Name { get; init; }

    /// <summary>The value, encrypted with Data Protection.</summary>
    public required byte[] ProtectedValue { get; init; }
}
