namespace LoginPortal.Core.Tenants;

/// <summary>An origin whose scripts may call the JSON host for a tenant (CORS).</summary>
public sealed class TenantOrigin
{
    /// <summary>The tenant that registered it.</summary>
    public required Guid TenantId { get; init; }

    /// <summary>The origin as browsers send it, such as <c>https://app.example.com</c>; lower case.</summary>
    public required string Origin { get; init; }
}
