using LoginPortal.Core.Tenants;
using LoginPortal.Security;
using LoginPortal.SessionEndpoints;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Http.Features;

namespace LoginPortal.KeptPages;

/// <summary>
/// Answers with a kept page where it would be drawn the same: to draw it takes ten times as long. Each visitor's own are the cookies, which are set as for any page,
/// the form's token and the address to return to, which are filled in. Also whoever the page is drawn for gets it from the kept one.
/// </summary>
internal sealed class KeptPageMiddleware(RequestDelegate next, KeptPageStore pages)
{
    private const string ReturnUrlParameter = "returnUrl";

    public async Task InvokeAsync(HttpContext context, TenantContext tenant, PortalVisit visit, FormTokens tokens)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<KeptPageAttribute>() is null
            || tenant.Current is not { } current
            || !IsDrawnForAnybody(context, current)
            || ReturnUrlOf(context.Request) is not { } returnUrl)
        {
            await next(context);
            return;
        }

        var request = context.Request;
        var path = request.PathBase + request.Path;
        var key = new KeptPageKey($"{request.Scheme}://{request.Host}{path}", visit.Page.CultureName, visit.HasRoomForCircuit, returnUrl.Length > 0);
        var page = pages.Find(key, current) ?? pages.Keep(key, current, await DrawAsync(context, tokens, path, key.HasReturnUrl));

        var response = context.Response;
        var token = tokens.GetAntiforgeryToken()!.Value;
        var escaped = Uri.EscapeDataString(returnUrl);
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = page.LengthWith(token, escaped);
        page.WriteTo(response.BodyWriter, token, escaped);
        await response.BodyWriter.FlushAsync(context.RequestAborted);
    }

    private static bool IsDrawnForAnybody(HttpContext context, TenantProfile tenant) =>
        HttpMethods.IsGet(context.Request.Method)
        && context.User.Identity?.IsAuthenticated != true
        && !BrowserAccounts.HasCookie(context, tenant);

    /// <summary>Where to return to, empty for nowhere; <see langword="null"/> if the address says anything else, or says it in a way of its own.</summary>
    private static string? ReturnUrlOf(HttpRequest request)
    {
        var raw = request.HttpContext.Features.Get<IHttpRequestFeature>()?.RawTarget;
        if (raw?.StartsWith('/') == true && raw != $"{request.PathBase + request.Path}{request.QueryString}")
        {
            return null;
        }

        return request.Query.Count switch
        {
            0 => request.QueryString.HasValue ? null : "",
            1 when request.Query.TryGetValue(ReturnUrlParameter, out var values) && values is [{ Length: > 0 } value] => value,
            _ => null,
        };
    }

    /// <summary>Draws the page with placeholders, and nothing of this visitor in it.</summary>
    private async Task<byte[]> DrawAsync(HttpContext context, FormTokens tokens, PathString path, bool hasReturnUrl)
    {
        var (request, response) = (context.Request, context.Response);
        var (target, query, body) = (context.Features.GetRequiredFeature<IHttpRequestFeature>(), request.QueryString, response.Body);
        var raw = target.RawTarget;
        using var drawn = new MemoryStream();
        try
        {
            tokens.WriteInstead(KeptPage.TokenPlaceholder);
            request.QueryString = hasReturnUrl ? QueryString.Create(ReturnUrlParameter, KeptPage.ReturnUrlPlaceholder) : QueryString.Empty;
            target.RawTarget = path + request.QueryString;
            response.Body = drawn;
            await next(context);
        }
        finally
        {
            response.Body = body;
            target.RawTarget = raw;
            request.QueryString = query;
            tokens.WriteInstead(null);

            // For scripts that follow links without leaving the page, which no page of the portal has; and who has the page drawn is answered as everybody.
            response.Headers.Remove("blazor-enhanced-nav");
        }

        return response.StatusCode == StatusCodes.Status200OK
            ? drawn.ToArray()
            : throw new InvalidOperationException($"A page that can be kept was answered with {response.StatusCode}.");
    }
}
