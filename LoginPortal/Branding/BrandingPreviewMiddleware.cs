using System.Globalization;
using System.Text;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Mail;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Texts;
using LoginPortal.Security;
using LoginPortal.SessionEndpoints;
using LoginPortal.Visits;

namespace LoginPortal.Branding;

/// <summary>
/// Puts an administrator's draft in the place of the tenant's branding, for this one request: the real page is drawn then, and knows nothing of
/// it. What is drawn is shown in a frame of the studio, without script and without forms.
/// </summary>
internal sealed class BrandingPreviewMiddleware(RequestDelegate next)
{
    private static readonly PathString Root = new("/" + BrandingPreview.Address);

    public async Task InvokeAsync(HttpContext context, TenantContext tenant, PortalVisit visit)
    {
        if (!context.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase, out var rest) || tenant.Current is not { } profile)
        {
            await next(context);
            return;
        }

        // The page's forms are there to be seen: a post would run them under a policy that is made up for the preview.
        if (!HttpMethods.IsGet(context.Request.Method))
        {
            context.Response.StatusCode = StatusCodes.Status405MethodNotAllowed;
            return;
        }

        // Asked for here, because every page passes by and only the studio's need them.
        var studio = context.RequestServices.GetRequiredService<BrandingStudio>();
        var result = SessionClaims.Read(context.User) is { } person
            ? await studio.ShowAsync(new AdministratorSession(profile.Id, person.SessionId, visit.Facts), context.RequestAborted)
            : AdministrationRefusal.SignedOut;
        if (result is not AdministrationResult<BrandingStanding>.Answered(var standing))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        var scheme = standing.Document.ColorScheme != ColorScheme.Auto
            ? standing.Document.ColorScheme
            : context.Request.Query["scheme"] == "dark" ? ColorScheme.Dark : ColorScheme.Light;
        var draft = standing.Document with { ColorScheme = scheme };
        var policy = profile.Policy with { Registration = profile.Policy.Registration with { IsOpen = true } };
        var language = context.Request.Query["language"].ToString();
        var culture = CultureInfo.GetCultureInfo(TextCatalog.Languages.Contains(language) ? language : visit.Culture.TwoLetterISOLanguageName);
        tenant.Set(profile with { Branding = draft, Policy = policy });
        visit.Page = visit.Page with { CultureName = culture.Name };
        context.Features.Set(new BrandingPreview(standing.Version, scheme));
        context.Response.Headers.CacheControl = "no-store";
        switch (rest.Value)
        {
            case "/style.css":
                context.Response.ContentType = "text/css; charset=utf-8";
                await context.Response.WriteAsync(AtPreview(BrandingStylesheet.Write(draft)), Encoding.UTF8, context.RequestAborted);
                break;
            case "/mail":
                context.Response.ContentType = "text/html; charset=utf-8";

                // A mail brings its styles with it.
                context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox";
                var mail = await context.RequestServices.GetRequiredService<Outbox>().PreviewAsync(tenant.Required, culture, new MailDraft("ResetPassword") { Link = "reset-password", Values = [30] });
                await context.Response.WriteAsync(mail.Html, Encoding.UTF8, context.RequestAborted);
                break;
            default:
                context.Response.Headers.ContentSecurityPolicy =
                    SecurityHeadersMiddleware.ContentSecurityPolicy.Replace("frame-ancestors 'none'", "frame-ancestors 'self'", StringComparison.Ordinal);
                await next(context);
                break;
        }
    }

    /// <summary>The pictures and fonts of a style sheet are named from where it is published.</summary>
    private static string AtPreview(string styles) => styles.Replace("url(assets/", "url(../../../brand/assets/", StringComparison.Ordinal);
}
