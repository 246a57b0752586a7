using LoginPortal.Core.OpenId;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LoginPortal.OpenId;

/// <summary>The addresses of OpenID Connect, below each tenant's own.</summary>
internal static class OpenIdRoutes
{
    public static IEndpointRouteBuilder MapOpenId(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/.well-known/openid-configuration", Describe);
        endpoints.MapMethods(
            "/.well-known/openid-configuration", [HttpMethods.Options], (HttpContext context) => OpenIdCors.AnswerPreflightForAll(context));
        endpoints.MapAuthorize();
        endpoints.MapTokens();
        endpoints.MapEndSession();
        return endpoints;
    }

    /// <summary>OpenID Connect Discovery 1.0, 3.</summary>
    private static JsonHttpResult<Dictionary<string, object>> Describe(HttpContext context, TenantContext tenant, OpenIdIssuer issuers)
    {
        OpenIdCors.AllowAll(context);
        var issuer = issuers.Of(tenant.Required);
        string[] confidential = ["client_secret_basic", "client_secret_post", "private_key_jwt"];
        string[] algorithms = ["ES256", "ES384", "PS256", "RS256"];
        return TypedResults.Json(new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["issuer"] = issuer,
            ["authorization_endpoint"] = issuer + OpenIdIssuer.AuthorizePath,
            ["token_endpoint"] = issuer + OpenIdIssuer.TokenPath,
            ["userinfo_endpoint"] = issuer + OpenIdIssuer.UserInfoPath,
            ["jwks_uri"] = issuer + PublishedKeySet.Path,
            ["end_session_endpoint"] = issuer + OpenIdIssuer.EndSessionPath,
            ["introspection_endpoint"] = issuer + OpenIdIssuer.IntrospectionPath,
            ["revocation_endpoint"] = issuer + OpenIdIssuer.RevocationPath,
            ["pushed_authorization_request_endpoint"] = issuer + OpenIdIssuer.PushedRequestPath,
            ["scopes_supported"] = OpenIdScope.All,
            ["response_types_supported"] = (string[])["code"],
            ["response_modes_supported"] = (string[])["query", "form_post"],
            ["grant_types_supported"] = (string[])["authorization_code", "refresh_token", "client_credentials"],
            ["subject_types_supported"] = (string[])["public"],
            ["id_token_signing_alg_values_supported"] = (string[])["ES256"],
            ["token_endpoint_auth_methods_supported"] = (string[])["none", .. confidential],
            ["token_endpoint_auth_signing_alg_values_supported"] = algorithms,
            ["introspection_endpoint_auth_methods_supported"] = confidential,
            ["revocation_endpoint_auth_methods_supported"] = (string[])["none", .. confidential],
            ["dpop_signing_alg_values_supported"] = algorithms,
            ["code_challenge_methods_supported"] = (string[])["S256"],
            ["prompt_values_supported"] = AuthorizationPrompt.All,
            ["acr_values_supported"] = (string[])[Assurance.SingleFactor, Assurance.MultiFactor],
            ["claim_types_supported"] = (string[])["normal"],
            ["claims_supported"] = (string[])["sub", "auth_time", "acr", "amr", "sid", .. OpenIdClaims.Supported],
            ["claims_parameter_supported"] = true,
            ["request_parameter_supported"] = false,
            ["request_uri_parameter_supported"] = false,
            ["require_request_uri_registration"] = false,
            ["authorization_response_iss_parameter_supported"] = true,
            ["backchannel_logout_supported"] = true,
            ["backchannel_logout_session_supported"] = true,
            ["frontchannel_logout_supported"] = false,
            ["ui_locales_supported"] = Visits.VisitLanguage.Offered(tenant.Required),
        });
    }
}
