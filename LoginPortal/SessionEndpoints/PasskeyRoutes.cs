using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Security;
using LoginPortal.Tenancy;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace LoginPortal.SessionEndpoints;

/// <summary>What passkeys need beyond pages: fresh options for the page's script, and the documents at well-known addresses.</summary>
internal static class PasskeyRoutes
{
    public static IEndpointRouteBuilder MapPasskeys(this IEndpointRouteBuilder endpoints)
    {
        var passkey = endpoints.MapGroup("/passkey");
        passkey.MapPost("/options", BeginAsync).WithMetadata(new SignsInAttribute());
        passkey.MapGet("/words", ShowWords);
        passkey.MapPost("/later", Postpone);
        passkey.MapGet("/done", Finish);
        endpoints.MapGet("/.well-known/passkey-endpoints", ShowEndpoints).WithMetadata(new WithoutTenantAttribute());
        endpoints.MapGet("/.well-known/webauthn", ShowOriginsAsync);
        return endpoints;
    }

    /// <summary>What the script says when a browser's request for a passkey comes to nothing; few pages ever need it.</summary>
    private static JsonHttpResult<PasskeyWords> ShowWords(HttpContext context, TenantContext tenant, PortalVisit visit, PortalText text)
    {
        visit.Page = visit.Page with { CultureName = VisitLanguage.Choose(context, tenant.Current) };
        return TypedResults.Json(new PasskeyWords(
            text.Format("Passkey.Cancelled"),
            text.Format("Passkey.TimedOut"),
            text.Format("Passkey.WrongAuthenticator"),
            text.Format("Passkey.Registered"),
            text.Format("Passkey.Unsupported"),
            text.Format("Passkey.Failed")));
    }

    /// <summary>Starts a ceremony, for a flow or else for the account of whoever is signed in. The antiforgery token in the form keeps other sites from asking.</summary>
    private static async Task<Results<ContentHttpResult, NotFound>> BeginAsync(
        HttpContext context,
        TenantContext tenant,
        PasskeyCeremonies ceremonies,
        PasskeyAccount account,
        [FromForm(Name = "flow")] string? flow,
        [FromForm(Name = "conditional")] string? conditional,
        [FromForm(Name = "platform")] string? platform,
        [FromForm(Name = "present")] string? present,
        CancellationToken cancellationToken)
    {
        var person = SessionClaims.Read(context.User);
        if (present is not null && person is not null)
        {
            DevicePasskeyCookie.NotePresent(context, tenant.Required, person.UserId);
        }
        else if (platform is not null)
        {
            DevicePasskeyCookie.NoteCapable(context, tenant.Required);
        }

        var bindingHash = BrowserBinding.Ensure(context, tenant.Required);
        var options = Guid.TryParse(flow, out var flowId)
            ? await ceremonies.BeginAsync(tenant.Required.Id, bindingHash, flowId, cancellationToken)
            : person is null ? null
            : await account.BeginAsync(tenant.Required.Id, person.SessionId, bindingHash, conditional is not null, cancellationToken);
        context.Response.Headers.CacheControl = "no-store";
        return options is null
            ? TypedResults.NotFound()
            : TypedResults.Content($$"""{"ceremony":"{{options.Ceremony}}","options":{{options.OptionsJson}}}""", "application/json");
    }

    /// <summary>The person does not want to be offered a passkey for a while.</summary>
    private static RedirectHttpResult Postpone(HttpContext context, TenantContext tenant, [FromForm(Name = "returnUrl")] string? returnUrl)
    {
        if (SessionClaims.Read(context.User) is { } person)
        {
            DevicePasskeyCookie.NoteLater(context, tenant.Required, person.UserId);
        }

        return RedirectInside(context, returnUrl);
    }

    /// <summary>A passkey was added here: a circuit cannot note that by itself.</summary>
    private static RedirectHttpResult Finish(HttpContext context, TenantContext tenant, [FromQuery(Name = "returnUrl")] string? returnUrl)
    {
        if (SessionClaims.Read(context.User) is { } person)
        {
            DevicePasskeyCookie.NotePresent(context, tenant.Required, person.UserId);
        }

        return RedirectInside(context, returnUrl);
    }

    /// <summary>Where password managers find the pages that add and manage passkeys (W3C, A Well-Known URL for Relying Party Passkey Endpoints).</summary>
    private static JsonHttpResult<PasskeyEndpoints> ShowEndpoints(TenantContext tenant, IOptions<PortalOptions> options)
    {
        var portal = options.Value.PublicOrigin!;
        return TypedResults.Json(tenant.Current is { } current
            ? new PasskeyEndpoints(
                new Uri(current.BaseAddress(portal), "account/passkeys/add"), new Uri(current.BaseAddress(portal), "account/security"))
            : new PasskeyEndpoints(portal, portal));
    }

    /// <summary>
    /// The related origins of a tenant with several domains (Web Authentication Level 3, 5.11), at the host that is its RP ID and nowhere else.
    /// </summary>
    private static async Task<Results<JsonHttpResult<RelatedOrigins>, NotFound>> ShowOriginsAsync(
        HttpContext context, TenantContext tenant, RelyingParties relyingParties, CancellationToken cancellationToken)
    {
        var current = tenant.Required;
        return current.PrimaryHost is { } primary && context.Request.PathBase == "" && HostName.Normalize(context.Request.Host.Host) == primary
            ? TypedResults.Json(new RelatedOrigins((await relyingParties.OfAsync(current, cancellationToken)).Origins))
            : TypedResults.NotFound();
    }

    private static RedirectHttpResult RedirectInside(HttpContext context, string? returnUrl) =>
        TypedResults.LocalRedirect($"{context.Request.PathBase}/{ReturnUrl.Check(returnUrl) ?? ""}");
}

/// <summary>The document at <c>/.well-known/passkey-endpoints</c>.</summary>
/// <param name="Enroll">Where a passkey is added.</param>
/// <param name="Manage">Where passkeys are managed.</param>
internal sealed record PasskeyEndpoints(Uri Enroll, Uri Manage);

/// <summary>Why there is no passkey, in words.</summary>
/// <param name="Cancelled">Nothing was confirmed.</param>
/// <param name="TimedOut">Nobody answered.</param>
/// <param name="Wrong">The authenticator cannot do what was asked.</param>
/// <param name="Registered">The authenticator has a passkey for the account already.</param>
/// <param name="Unsupported">The browser has no passkeys.</param>
/// <param name="Failed">Anything else.</param>
internal sealed record PasskeyWords(string Cancelled, string TimedOut, string Wrong, string Registered, string Unsupported, string Failed);

/// <summary>The document at <c>/.well-known/webauthn</c>.</summary>
/// <param name="Origins">The origins that may use the passkeys of this host.</param>
internal sealed record RelatedOrigins(IReadOnlyList<string> Origins);
