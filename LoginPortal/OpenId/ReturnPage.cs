using System.Text;
using System.Text.Encodings.Web;
using LoginPortal.Branding;
using LoginPortal.Core.OpenId;
using LoginPortal.Core.Tenants;
using LoginPortal.Security;
using LoginPortal.Visits;

namespace LoginPortal.OpenId;

/// <summary>
/// The page that hands a person back to an application, for a moment: it goes on by itself, and has a link or a button for browsers that do not.
/// </summary>
internal static class ReturnPage
{
    public static IResult Show(HttpContext context, TenantProfile tenant, PortalText text, AuthorizationReply reply)
    {
        // The form of the answer goes to the application and on from there to wherever that leads: no list of sites would hold.
        context.Response.Headers.ContentSecurityPolicy =
            SecurityHeadersMiddleware.ContentSecurityPolicy.Replace("form-action 'self'; ", "", StringComparison.Ordinal);
        var (title, go) = (Encode(text.Format("Return.Title", reply.ClientName)), Encode(text.Format("Return.Continue", reply.ClientName)));
        var page = new StringBuilder()
            .Append(text.Culture, $"<!DOCTYPE html>\n<html lang=\"{Encode(text.Culture.Name)}\">\n<head>\n<meta charset=\"utf-8\" />\n")
            .Append("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\" />\n<meta name=\"robots\" content=\"noindex\" />\n")
            .Append(text.Culture, $"<base href=\"{Encode(context.Request.PathBase + "/")}\" />\n<title>{title}</title>\n")
            .Append(text.Culture, $"<link rel=\"stylesheet\" href=\"css/portal.css\" />\n<link rel=\"stylesheet\" href=\"{Encode(BrandRoutes.StylesheetOf(tenant))}\" />\n");
        if (!reply.IsFormPost)
        {
            page.Append(text.Culture, $"<meta http-equiv=\"refresh\" content=\"0;url={Encode(reply.Address)}\" />\n");
        }

        page.Append("</head>\n<body class=\"layout-card\">\n<div class=\"page\"><div class=\"page-main\"><main class=\"card\">\n")
            .Append(text.Culture, $"<h1>{title}</h1>\n");
        if (reply.IsFormPost)
        {
            page.Append(text.Culture, $"<form method=\"post\" class=\"form\" action=\"{Encode(reply.RedirectUri)}\">\n");
            foreach (var (name, value) in reply.Parameters)
            {
                page.Append(text.Culture, $"<input type=\"hidden\" name=\"{Encode(name)}\" value=\"{Encode(value)}\" />\n");
            }

            page.Append(text.Culture, $"<button type=\"submit\" class=\"button\">{go}</button>\n</form>\n<script src=\"js/form-post.js\" defer></script>\n");
        }
        else
        {
            page.Append(text.Culture, $"<p><a class=\"button\" href=\"{Encode(reply.Address)}\">{go}</a></p>\n");
        }

        page.Append("</main></div></div>\n</body>\n</html>\n");
        return TypedResults.Text(page.ToString(), "text/html", Encoding.UTF8);
    }

    private static string Encode(string value) => HtmlEncoder.Default.Encode(value);
}
