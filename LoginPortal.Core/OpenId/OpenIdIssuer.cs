using LoginPortal.Core.Setup;
using LoginPortal.Core.Tenants;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.OpenId;

/// <summary>The names and addresses of a tenant as an issuer of its own, from the configuration and never from a request.</summary>
public sealed class OpenIdIssuer(IOptions<PortalOptions> options)
{
    /// <summary>Where a browser brings an authorization request, below the issuer.</summary>
    public const string AuthorizePath = "/connect/authorize";

    /// <summary>Where a client gets tokens.</summary>
    public const string TokenPath = "/connect/token";

    /// <summary>Where a client asks who the person is.</summary>
    public const string UserInfoPath = "/connect/userinfo";

    /// <summary>Where a client asks what a token is worth.</summary>
    public const string IntrospectionPath = "/connect/introspect";

    /// <summary>Where a client gives a token back.</summary>
    public const string RevocationPath = "/connect/revoke";

    /// <summary>Where a client pushes an authorization request.</summary>
    public const string PushedRequestPath = "/connect/par";

    /// <summary>Where a client sends a person to sign out.</summary>
    public const string EndSessionPath = "/connect/logout";

    /// <summary>The <c>iss</c> of a tenant: its address without the closing slash.</summary>
    public string Of(TenantProfile tenant)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        return tenant.BaseAddress(options.Value.PublicOrigin!).AbsoluteUri.TrimEnd('/');
    }
}
