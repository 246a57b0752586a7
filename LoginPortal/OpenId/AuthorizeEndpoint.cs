using LoginPortal.Core.OpenId;
using LoginPortal.Core.Tenants;
using LoginPortal.SessionEndpoints;
using LoginPortal.Visits;

namespace LoginPortal.OpenId;

/// <summary>The authorization endpoint: where applications send people.</summary>
internal static class AuthorizeEndpoint
{
    /// <summary>The name under which a request waits for the person, in the address that they come back to.</summary>
    private const string RequestParameter = "request_id";

    public static void MapAuthorize(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(OpenIdIssuer.AuthorizePath, ShowAsync);
        endpoints.MapPost(OpenIdIssuer.AuthorizePath, PostAsync);
    }

    /// <summary>Where a person comes back to, relative to the tenant.</summary>
    public static string ReturnAddress(Guid requestId) => $"connect/authorize?{RequestParameter}={requestId}";

    private static async Task<IResult> ShowAsync(
        HttpContext context, TenantContext tenant, Authorizations authorizations, PortalVisit visit, PortalText text, CancellationToken cancellationToken)
    {
        if (context.Request.Headers.Accept.ToString().Contains("blazor-enhanced-nav", StringComparison.Ordinal))
        {
            // A script looks whether this is a page of the portal. It is none: the browser then comes by itself, and only then is anything spent.
            return TypedResults.Text("");
        }

        var bindingHash = BrowserBinding.Ensure(context, tenant.Required);
        var session = SessionClaims.Read(context.User)?.SessionId;
        if (context.Request.Query.ContainsKey(RequestParameter))
        {
            var isRequest = Guid.TryParse(context.Request.Query[RequestParameter], out var requestId);
            return Answer(
                context,
                isRequest
                    ? await authorizations.ResumeAsync(requestId, bindingHash, session, visit.Facts, cancellationToken)
                    : new AuthorizationOutcome.Untrusted(UntrustedRequest.Malformed),
                tenant.Required,
                visit,
                text,
                isResumed: true);
        }

        var parameters = OpenIdRequest.Query(context);
        return Answer(
            context, await authorizations.BeginAsync(parameters, bindingHash, session, visit.Facts, cancellationToken), tenant.Required, visit, text, isResumed: false);
    }

    /// <summary>A form of another site brings no cookies with it; the redirect does.</summary>
    private static async Task<IResult> PostAsync(
        HttpContext context, TenantContext tenant, Authorizations authorizations, PortalVisit visit, PortalText text, CancellationToken cancellationToken) => Answer(
            context,
            await authorizations.BeginPostedAsync(await OpenIdRequest.FormAsync(context, cancellationToken), cancellationToken),
            tenant.Required,
            visit,
            text,
            isResumed: false);

    private static IResult Answer(
        HttpContext context, AuthorizationOutcome outcome, TenantProfile tenant, PortalVisit visit, PortalText text, bool isResumed)
    {
        switch (outcome)
        {
            case AuthorizationOutcome.Reply(var reply):
                context.Response.Headers.CacheControl = "no-store";

                // The way back from a form of the portal's own may not lead to another site by redirects: its policy keeps forms at home.
                if (!reply.IsFormPost && !isResumed)
                {
                    return SeeOther(context, reply.Address);
                }

                visit.Page = visit.Page with { CultureName = VisitLanguage.Choose(context, tenant) };
                return ReturnPage.Show(context, tenant, text, reply);
            case AuthorizationOutcome.SignIn(var id, var wishes, var isFresh):
                return Inside(context, $"sign-in?{(isFresh ? "prompt=login&" : "")}{Hints(wishes)}returnUrl={Uri.EscapeDataString(ReturnAddress(id))}");
            case AuthorizationOutcome.SelectAccount(var id, var wishes):
                return Inside(context, $"sign-in?prompt=select_account&{Hints(wishes)}returnUrl={Uri.EscapeDataString(ReturnAddress(id))}");
            case AuthorizationOutcome.Consent(var id):
                return Inside(context, $"consent?request={id}");
            case AuthorizationOutcome.Again(var clientId, var requestUri):
                return Inside(context, $"connect/authorize?client_id={Uri.EscapeDataString(clientId)}&request_uri={Uri.EscapeDataString(requestUri)}");
            case AuthorizationOutcome.Untrusted(var reason):
                return Inside(context, $"connect/error?reason={reason}");
            default:
                throw new InvalidOperationException("An authorization came to nothing that there is.");
        }
    }

    private static string Hints(AuthorizationParameters wishes) =>
        (wishes.LoginHint is { } hint ? $"login_hint={Uri.EscapeDataString(hint)}&" : "")
        + (wishes.UiLocales is { } locales ? $"ui_locales={Uri.EscapeDataString(locales)}&" : "");

    internal static IResult Inside(HttpContext context, string relative) => SeeOther(context, $"{context.Request.PathBase}/{relative}");

    /// <summary>See Other: whatever the method was, the next request is a GET.</summary>
    internal static IResult SeeOther(HttpContext context, string address)
    {
        context.Response.Headers.Location = address;
        return TypedResults.StatusCode(StatusCodes.Status303SeeOther);
    }
}
