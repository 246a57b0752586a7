using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
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

    private static async Task<IResult> ShowAsync(
        Guid id, HttpContext context, PortalDbContext database, MailContents contents, CancellationToken cancellationToken)
    {
        var mail = await database.OutboxMails.IgnoreQueryFilters().AsNoTracking().SingleOrDefaultAsync(m => m.Id == id, cancellationToken);

        // A mail styles itself inline, as mail programs need it, and does nothing else.
        context.Response.Headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";
        return mail is null ? TypedResults.NotFound() : TypedResults.Content(contents.Read(mail).Html, "text/html; charset=utf-8");
    }
}
