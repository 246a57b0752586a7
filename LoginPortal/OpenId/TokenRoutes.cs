using LoginPortal.Core.OpenId;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LoginPortal.OpenId;

/// <summary>What applications call themselves, without the browser: tokens and what they are worth.</summary>
internal static class TokenRoutes
{
    public static void MapTokens(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost(OpenIdIssuer.TokenPath, IssueAsync);
        endpoints.MapMethods(OpenIdIssuer.UserInfoPath, [HttpMethods.Get, HttpMethods.Post], ShowPersonAsync);
        endpoints.MapPost(OpenIdIssuer.IntrospectionPath, IntrospectAsync);
        endpoints.MapPost(OpenIdIssuer.RevocationPath, RevokeAsync);
        endpoints.MapPost(OpenIdIssuer.PushedRequestPath, PushAsync);
        foreach (var path in (string[])[OpenIdIssuer.TokenPath, OpenIdIssuer.UserInfoPath, OpenIdIssuer.RevocationPath, OpenIdIssuer.PushedRequestPath])
        {
            endpoints.MapMethods(path, [HttpMethods.Options], OpenIdCors.AnswerPreflightAsync);
        }
    }

    private static Task<IResult> IssueAsync(
        HttpContext context, ClientAuthenticator clients, TokenEndpoint tokens, ApplicationOrigins origins, PortalVisit visit, CancellationToken cancellationToken) =>
        AsClientAsync(
            context,
            clients,
            origins,
            OpenIdIssuer.TokenPath,
            async (client, form) => await tokens.IssueAsync(client, form, OpenIdRequest.Header(context, "DPoP"), visit.Facts, cancellationToken) switch
            {
                TokenResult.Issued issued => TypedResults.Json(Describe(issued)),
                TokenResult.Refused(var error) => Error(error, StatusCodes.Status400BadRequest),
                _ => throw new InvalidOperationException("A token request came to nothing that there is."),
            },
            cancellationToken);

    private static async Task<IResult> ShowPersonAsync(
        HttpContext context, PresentedTokens tokens, ApplicationOrigins origins, CancellationToken cancellationToken)
    {
        await OpenIdCors.AllowAsync(context, origins, cancellationToken);
        NoStore(context);
        var header = OpenIdRequest.Header(context, "Authorization") ?? "";
        var isDpop = header.StartsWith("DPoP ", StringComparison.OrdinalIgnoreCase);
        if (!isDpop && !header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
        {
            context.Response.Headers.WWWAuthenticate = "Bearer, DPoP algs=\"ES256 ES384 PS256 RS256\"";
            return Error(new(OpenIdErrorCode.InvalidToken, "The header Authorization with an access token is missing."), StatusCodes.Status401Unauthorized);
        }

        var token = header[(header.IndexOf(' ', StringComparison.Ordinal) + 1)..].Trim();
        switch (await tokens.ReadPersonAsync(token, isDpop, OpenIdRequest.Header(context, "DPoP"), context.Request.Method, cancellationToken))
        {
            case UserInfoResult.Found(var claims):
                return TypedResults.Json(claims);
            case UserInfoResult.Refused(var error):
                context.Response.Headers.WWWAuthenticate =
                    $"{(isDpop ? "DPoP" : "Bearer")} error=\"{error.Code}\", error_description=\"{error.Description}\"";
                return Error(error, error.Code == OpenIdErrorCode.InsufficientScope ? StatusCodes.Status403Forbidden : StatusCodes.Status401Unauthorized);
            default:
                throw new InvalidOperationException("A token came to nothing that there is.");
        }
    }

    private static Task<IResult> IntrospectAsync(
        HttpContext context, ClientAuthenticator clients, PresentedTokens tokens, ApplicationOrigins origins, CancellationToken cancellationToken) => AsClientAsync(
            context,
            clients,
            origins,
            OpenIdIssuer.IntrospectionPath,

            // A public client has not proved anything: what a token is worth is not everybody's to ask (RFC 7662, 2.1).
            async (client, form) => client.Authentication == ClientAuthenticationKind.None
                ? Error(new(OpenIdErrorCode.InvalidClient, "A public client may not introspect tokens."), StatusCodes.Status401Unauthorized)
                : TypedResults.Json(await tokens.IntrospectAsync(client, form["token"], cancellationToken)),
            cancellationToken);

    private static Task<IResult> RevokeAsync(
        HttpContext context, ClientAuthenticator clients, PresentedTokens tokens, ApplicationOrigins origins, PortalVisit visit, CancellationToken cancellationToken) =>
        AsClientAsync(
            context,
            clients,
            origins,
            OpenIdIssuer.RevocationPath,
            async (client, form) =>
            {
                if (form["token"] is not { } token)
                {
                    return Error(new(OpenIdErrorCode.InvalidRequest, "The parameter token is missing."), StatusCodes.Status400BadRequest);
                }

                await tokens.RevokeAsync(client, token, visit.Facts, cancellationToken);
                return TypedResults.Ok();
            },
            cancellationToken);

    private static Task<IResult> PushAsync(
        HttpContext context, ClientAuthenticator clients, Authorizations authorizations, ApplicationOrigins origins, CancellationToken cancellationToken) => AsClientAsync(
            context,
            clients,
            origins,
            OpenIdIssuer.PushedRequestPath,
            async (client, form) => await authorizations.PushAsync(client, form, cancellationToken) switch
            {
                PushedRequestResult.Stored(var request) => TypedResults.Json(
                    new Dictionary<string, object>(StringComparer.Ordinal) { ["request_uri"] = request.RequestUri, ["expires_in"] = request.ExpiresIn },
                    statusCode: StatusCodes.Status201Created),
                PushedRequestResult.Refused(var error) => Error(error, StatusCodes.Status400BadRequest),
                _ => throw new InvalidOperationException("A pushed request came to nothing that there is."),
            },
            cancellationToken);

    private static async Task<IResult> AsClientAsync(
        HttpContext context,
        ClientAuthenticator clients,
        ApplicationOrigins origins,
        string path,
        Func<OpenIdClient, RequestParameters, Task<IResult>> work,
        CancellationToken cancellationToken)
    {
        await OpenIdCors.AllowAsync(context, origins, cancellationToken);
        NoStore(context);
        var form = await OpenIdRequest.FormAsync(context, cancellationToken);
        switch (await clients.AuthenticateAsync(OpenIdRequest.Header(context, "Authorization"), form, path, cancellationToken))
        {
            case ClientAuthenticationResult.Authenticated(var client):
                return await work(client, form);
            case ClientAuthenticationResult.Refused(var error, var isBasic):
                if (isBasic)
                {
                    context.Response.Headers.WWWAuthenticate = "Basic realm=\"LoginPortal\", charset=\"UTF-8\"";
                }

                return Error(error, error.Code == OpenIdErrorCode.InvalidClient ? StatusCodes.Status401Unauthorized : StatusCodes.Status400BadRequest);
            default:
                throw new InvalidOperationException("An authentication came to nothing that there is.");
        }
    }

    private static Dictionary<string, object> Describe(TokenResult.Issued issued)
    {
        var answer = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["access_token"] = issued.AccessToken,
            ["token_type"] = issued.TokenType,
            ["expires_in"] = issued.ExpiresIn,
            ["scope"] = issued.Scope,
        };
        if (issued.IdToken is { } idToken)
        {
            answer["id_token"] = idToken;
        }

        if (issued.RefreshToken is { } refreshToken)
        {
            answer["refresh_token"] = refreshToken;
        }

        return answer;
    }

    private static void NoStore(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.Pragma = "no-cache";
    }

    private static JsonHttpResult<Dictionary<string, string>> Error(OpenIdError error, int status) => TypedResults.Json(
        new Dictionary<string, string>(StringComparer.Ordinal) { ["error"] = error.Code, ["error_description"] = error.Description }, statusCode: status);
}
