using LoginPortal.Core.OpenId;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;
using LoginPortal.SessionEndpoints;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Mvc;

namespace LoginPortal.OpenId;

/// <summary>The end session endpoint, and what follows it (RP-Initiated Logout 1.0).</summary>
internal static class EndSessionRoutes
{
    private const string ClientParameter = "client_id";
    private const string AddressParameter = "post_logout_redirect_uri";
    private const string StateParameter = "state";

    public static void MapEndSession(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(OpenIdIssuer.EndSessionPath, ShowAsync);
        endpoints.MapPost(OpenIdIssuer.EndSessionPath, PostAsync);
        endpoints.MapPost("/connect/sign-out", ConfirmAsync);
        endpoints.MapGet("/connect/signed-out", LeaveAsync);
    }

    private static Task<IResult> ShowAsync(HttpContext context, EndSession endSession, PortalVisit visit, CancellationToken cancellationToken) =>
        EndAsync(context, OpenIdRequest.Query(context), endSession, visit, cancellationToken);

    /// <summary>A form of another site brings no cookie: without a hint, nothing is known of the session before the redirect.</summary>
    private static async Task<IResult> PostAsync(HttpContext context, EndSession endSession, PortalVisit visit, CancellationToken cancellationToken)
    {
        var form = await OpenIdRequest.FormAsync(context, cancellationToken);
        return form["id_token_hint"] is null
            ? AuthorizeEndpoint.Inside(context, "connect/logout" + NextQuery(form[ClientParameter], form[AddressParameter], form[StateParameter]))
            : await EndAsync(context, form, endSession, visit, cancellationToken);
    }

    private static async Task<IResult> EndAsync(
        HttpContext context, RequestParameters parameters, EndSession endSession, PortalVisit visit, CancellationToken cancellationToken)
    {
        switch (await endSession.RequestAsync(parameters, SessionClaims.Read(context.User)?.SessionId, visit.Facts, cancellationToken))
        {
            case EndSessionResult.Ended(var next, var isBrowsers):
                if (isBrowsers)
                {
                    await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
                }

                return next is null
                    ? AuthorizeEndpoint.Inside(context, "sign-in?signed-out=true")
                    : AuthorizeEndpoint.SeeOther(context, next.Address);
            case EndSessionResult.Unproven:
                return AuthorizeEndpoint.Inside(
                    context, "sign-out" + NextQuery(parameters[ClientParameter], parameters[AddressParameter], parameters[StateParameter]));
            default:
                return AuthorizeEndpoint.Inside(context, "connect/error?reason=SignOut");
        }
    }

    /// <summary>The person said yes. The form's antiforgery token keeps other sites from saying it for them.</summary>
    private static async Task<IResult> ConfirmAsync(
        HttpContext context,
        SessionService sessions,
        PortalVisit visit,
        [FromForm(Name = ClientParameter)] string? clientId,
        [FromForm(Name = AddressParameter)] string? address,
        [FromForm(Name = StateParameter)] string? state,
        CancellationToken cancellationToken)
    {
        if (SessionClaims.Read(context.User) is { } person)
        {
            await sessions.EndAsync(person.SessionId, SessionEndReason.SignedOut, visit.Facts, cancellationToken);
        }

        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return AuthorizeEndpoint.Inside(context, "connect/signed-out" + NextQuery(clientId, address, state));
    }

    /// <summary>To the application, if the address is one of its own; else it stays here.</summary>
    private static async Task<IResult> LeaveAsync(
        HttpContext context, EndSession endSession, TenantContext tenant, PortalVisit visit, PortalText text, CancellationToken cancellationToken)
    {
        var query = OpenIdRequest.Query(context);
        if (await endSession.FindNextAsync(query[ClientParameter], query[AddressParameter], query[StateParameter], cancellationToken) is not { } next)
        {
            return AuthorizeEndpoint.Inside(context, "sign-in?signed-out=true");
        }

        visit.Page = visit.Page with { CultureName = VisitLanguage.Choose(context, tenant.Required) };
        return ReturnPage.Show(context, tenant.Required, text, next);
    }

    private static string NextQuery(string? clientId, string? address, string? state)
    {
        var pairs = new[] { (ClientParameter, clientId), (AddressParameter, address), (StateParameter, state) }
            .Where(pair => pair.Item2 is not null)
            .Select(pair => $"{pair.Item1}={Uri.EscapeDataString(pair.Item2!)}")
            .ToList();
        return pairs.Count == 0 ? "" : "?" + string.Join('&', pairs);
    }
}
