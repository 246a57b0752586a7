using LoginPortal.Core.Data;
using LoginPortal.Tenancy;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Development;

/// <summary>Shows the HTML of a mail, in Development alone.</summary>
internal static class MailboxRoutes
{
    public static IEndpointRouteBuilder MapMailbox(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/dev/mailbox/{id:guid}", ShowAsync).WithMetadata(new WithoutTenantAttribute());
        return endpoints;
    }

    private static async Task<IResult> ShowAsync(Guid id, HttpContext context, PortalDbContext database, CancellationToken cancellationToken)
    {
        var html = await database.OutboxMails.IgnoreQueryFilters()
            .Where(mail => mail.Id == id)
            .Select(mail => mail.Html)
            .SingleOrDefaultAsync(cancellationToken);

        // A mail styles itself inline, as mail programs need it, and does nothing else.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        return html is null ? TypedResults.NotFound() : TypedResults.Content(html, "text/html; charset=utf-8");
    }
}
