namespace LoginPortal.Core.OpenId;

/// <summary>Error codes of OAuth 2.1 and OpenID Connect, as they go over the wire.</summary>
public static class OpenIdErrorCode
{
    /// <summary>A parameter is missing, repeated or malformed.</summary>
    public const string InvalidRequest = "invalid_request";

    /// <summary>The client did not prove who it is.</summary>
    public const string InvalidClient = "invalid_client";

    /// <summary>The code or refresh token is unknown, spent, expired or another client's.</summary>
    public const string InvalidGrant = "invalid_grant";

    /// <summary>The client may not use this kind of grant.</summary>
    public const string UnauthorizedClient = "unauthorized_client";

    /// <summary>There is no such kind of grant.</summary>
    public const string UnsupportedGrantType = "unsupported_grant_type";

    /// <summary>There is no such kind of response.</summary>
    public const string UnsupportedResponseType = "unsupported_response_type";

    /// <summary>The scope is not the client's to ask for.</summary>
    public const string InvalidScope = "invalid_scope";

    /// <summary>The person, or a rule, said no.</summary>
    public const string AccessDenied = "access_denied";

    /// <summary>Nobody is signed in, or not freshly enough, and nothing may be shown.</summary>
    public const string LoginRequired = "login_required";

    /// <summary>The person would have to agree, and nothing may be shown.</summary>
    public const string ConsentRequired = "consent_required";

    /// <summary>The assurance that was a condition could not be reached.</summary>
    public const string UnmetAuthenticationRequirements = "unmet_authentication_requirements";

    /// <summary>Request objects are not taken.</summary>
    public const string RequestNotSupported = "request_not_supported";

    /// <summary>Request objects by reference are not taken.</summary>
    public const string RequestUriNotSupported = "request_uri_not_supported";

    /// <summary>The name of a pushed request is unknown, used or expired.</summary>
    public const string InvalidRequestUri = "invalid_request_uri";

    /// <summary>Clients do not register themselves.</summary>
    public const string RegistrationNotSupported = "registration_not_supported";

    /// <summary>The proof of possession does not hold (RFC 9449).</summary>
    public const string InvalidDpopProof = "invalid_dpop_proof";

    /// <summary>The access token does not hold (RFC 6750).</summary>
    public const string InvalidToken = "invalid_token";

    /// <summary>The access token is not for this (RFC 6750).</summary>
    public const string InsufficientScope = "insufficient_scope";
}

/// <summary>Why a request is refused, for whoever wrote the client.</summary>
/// <param name="Code">One of <see cref="OpenIdErrorCode"/>.</param>
/// <param name="Description">In words, in English: it is read in logs and consoles.</param>
public sealed record OpenIdError(string Code, string Description);
