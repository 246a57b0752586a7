using LoginPortal.Core.Sessions;
using LoginPortal.Security;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace LoginPortal.SessionEndpoints;

/// <summary>What a circuit cannot do, because only a response to a request can set a cookie.</summary>
internal static class SessionEndpointRoutes
{
    public static IEndpointRouteBuilder MapSessionEndpoints(this IEndpointRouteBuilder endpoints)
    {
        var session = endpoints.MapGroup("/session");
        session.MapPost("/complete", CompleteAsync).WithMetadata(new SignsInAttribute());
        session.MapPost("/sign-out", SignOutAsync);
        return endpoints;
    }

    /// <summary>Redeems the ticket of a sign-in that was completed in a circuit.</summary>
    private static async Task<RedirectHttpResult> CompleteAsync(
        HttpContext context,
        SessionHandoff handoff,
        [FromForm(Name = "ticket")] string? ticket,
        [FromForm(Name = "returnUrl")] string? returnUrl,
        CancellationToken cancellationToken)
    {
        var next = ticket is null ? null : await handoff.RedeemAsync(context, ticket, returnUrl, cancellationToken);
        return RedirectInside(context, next ?? "sign-in");
    }

    /// <summary>Ends the session on the server, and with it every other tab and circuit of it.</summary>
    private static async Task<RedirectHttpResult> SignOutAsync(
        HttpContext context, SessionService sessions, PortalVisit visit, IFormCollection form, CancellationToken cancellationToken)
    {
        // Nothing in the form is needed; taking it is what has its antiforgery token checked.
        _ = form;
        if (SessionClaims.Read(context.User) is { } person)
        {
            await sessions.EndAsync(person.SessionId, SessionEndReason.SignedOut, visit.Facts, cancellationToken);
        }

        await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        return RedirectInside(context, "sign-in?signed-out=true");
    }

    private static RedirectHttpResult RedirectInside(HttpContext context, string relative) =>
        TypedResults.LocalRedirect($"{context.Request.PathBase}/{relative}");
}
