using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
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
        session.MapGet("/alive", IsAlive).WithMetadata(new WatchesSessionAttribute());
        session.MapPost("/complete", CompleteAsync).WithMetadata(new SignsInAttribute());
        session.MapPost("/switch", SwitchAsync).WithMetadata(new SignsInAttribute());
        session.MapPost("/sign-out", SignOutAsync);
        session.MapPost("/sign-out-of", SignOutOfAsync);
        session.MapPost("/sign-out-all", SignOutOfAllAsync);
        return endpoints;
    }

    /// <summary>Whether the browser is signed in, for a page that has no circuit to tell it.</summary>
    private static JsonHttpResult<bool> IsAlive(HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        return TypedResults.Json(context.User.Identity?.IsAuthenticated == true);
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

    /// <summary>Makes another account of this browser the current one; where its session has run out, leads to its sign-in.</summary>
    private static async Task<RedirectHttpResult> SwitchAsync(
        HttpContext context,
        BrowserAccounts accounts,
        SignInRunner runner,
        TenantContext tenant,
        PortalVisit visit,
        [FromForm(Name = "account")] string? account,
        [FromForm(Name = "returnUrl")] string? returnUrl,
        CancellationToken cancellationToken)
    {
        var destination = ReturnUrl.Check(returnUrl) ?? "";
        var chosen = Guid.TryParse(account, out var userId) ? await accounts.SwitchAsync(context, userId, cancellationToken) : null;
        if (chosen is not { IsLive: false })
        {
            return RedirectInside(context, chosen is null ? "sign-in" : destination);
        }

        var outcome = await runner.BeginAsync(
            tenant.Required.Id,
            BrowserBinding.Ensure(context, tenant.Required),
            destination,
            new StepInput.Identify(chosen.Email),
            visit.Facts,
            cancellationToken);
        return RedirectInside(context, outcome is SignInOutcome.Continue(var flow) ? $"sign-in?flow={flow.FlowId}" : "sign-in");
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

    /// <summary>The same for one of the accounts of this browser, the current one or another.</summary>
    private static async Task<RedirectHttpResult> SignOutOfAsync(
        HttpContext context, BrowserAccounts accounts, [FromForm(Name = "account")] string? account, CancellationToken cancellationToken)
    {
        if (Guid.TryParse(account, out var userId))
        {
            await accounts.SignOutAsync(context, userId, cancellationToken);
        }

        return RedirectInside(context, "sign-in?prompt=select_account");
    }

    /// <summary>Ends the sessions of all accounts of this browser.</summary>
    private static async Task<RedirectHttpResult> SignOutOfAllAsync(
        HttpContext context, BrowserAccounts accounts, IFormCollection form, CancellationToken cancellationToken)
    {
        // Nothing in the form is needed; taking it is what has its antiforgery token checked.
        _ = form;
        await accounts.SignOutOfAllAsync(context, cancellationToken);
        return RedirectInside(context, "sign-in?signed-out=true");
    }

    private static RedirectHttpResult RedirectInside(HttpContext context, string relative) =>
        TypedResults.LocalRedirect($"{context.Request.PathBase}/{relative}");
}
