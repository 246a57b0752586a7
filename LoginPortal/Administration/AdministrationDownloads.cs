using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using LoginPortal.Components.Administration.Activity;
using LoginPortal.Core.AccountImports;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;
using LoginPortal.SessionEndpoints;
using LoginPortal.Visits;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LoginPortal.Administration;

/// <summary>What administrators take away as a file, which a circuit is no way for. Each asks Core, as the pages do.</summary>
internal static class AdministrationDownloads
{
    private const string Text = "text/csv; charset=utf-8";

    /// <summary>A spreadsheet takes a field that begins so for something to be computed: it gets an apostrophe before it.</summary>
    private static readonly CsvConfiguration Spreadsheet = new(CultureInfo.InvariantCulture) { InjectionOptions = InjectionOptions.Escape };

    public static IEndpointRouteBuilder MapAdministrationDownloads(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/admin/people/import/template.csv", WriteTemplateAsync);
        endpoints.MapGet("/admin/people/import/{id:guid}/wrong-rows.csv", WriteWrongRowsAsync);
        endpoints.MapPost("/admin/audit/export", WriteEventsAsync);
        return endpoints;
    }

    private static async Task<IResult> WriteTemplateAsync(
        HttpContext context, AdministrationOverview overview, TenantContext tenant, PortalVisit visit, CancellationToken cancellationToken)
    {
        if (SessionOf(context, tenant, visit) is not { } session)
        {
            return SignIn(context, "admin/people/import");
        }

        return Answer(context, await overview.ShowAsync(session, cancellationToken), "admin/people/import", _ =>
        {
            var name = visit.Culture.TwoLetterISOLanguageName;
            return TypedResults.File(
                Encoding.UTF8.GetPreamble().Concat(Encoding.UTF8.GetBytes($"{string.Join(',', AccountImportFile.Columns)}\r\nada@example.org,Ada,Lovelace,member,{name}\r\n")).ToArray(),
                Text,
                "people.csv");
        });
    }

    private static async Task<IResult> WriteWrongRowsAsync(
        Guid id, HttpContext context, AccountImporter importer, TenantContext tenant, PortalVisit visit, PortalText words, CancellationToken cancellationToken)
    {
        var page = $"admin/people/import/{id}";
        if (SessionOf(context, tenant, visit) is not { } session)
        {
            return SignIn(context, page);
        }

        return Answer(
            context,
            await importer.ExportWrongRowsAsync(session, id, WriteAsync, cancellationToken),
            page,
            found => found ? TypedResults.Empty : TypedResults.NotFound());

        async Task WriteAsync(IAsyncEnumerable<AccountImportRow> rows, CancellationToken cancellation)
        {
            Begin(context, Text, "wrong-rows.csv");

            // With its mark, so that spreadsheets take it for UTF-8.
            await using var writer = new StreamWriter(context.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true), leaveOpen: true);
            await using var csv = new CsvWriter(writer, Spreadsheet, leaveOpen: true);
            foreach (var column in (string[])[.. AccountImportFile.Columns, "line", "problem"])
            {
                csv.WriteField(column);
            }

            await csv.NextRecordAsync();
            await foreach (var row in rows.WithCancellation(cancellation))
            {
                foreach (var field in (string[])[row.Address, row.GivenName, row.FamilyName, row.Role, row.Language])
                {
                    csv.WriteField(field);
                }

                csv.WriteField(row.Line);
                csv.WriteField(words[$"Import.Problem.{row.Problem}"]);
                await csv.NextRecordAsync();
            }
        }
    }

    private static async Task<IResult> WriteEventsAsync(
        HttpContext context, AuditTrail trail, TenantContext tenant, PortalVisit visit, IFormCollection form, CancellationToken cancellationToken)
    {
        if (SessionOf(context, tenant, visit) is not { } session)
        {
            return SignIn(context, "admin/audit");
        }

        var filter = AuditFilter.Read(form["kind"], form["person"], form["as"], form["outcome"], form["since"], form["until"], form["ip"]);
        return Answer(
            context,
            await trail.ExportAsync(session, filter.Query, WriteAsync, cancellationToken, filter.WantedPerson),
            "admin/audit",
            _ => TypedResults.Empty);

        Task WriteAsync(IAsyncEnumerable<Core.Audit.SecurityEvent> events, CancellationToken cancellation)
        {
            Begin(context, "application/x-ndjson", $"{tenant.Required.Slug}-security-events.ndjson");
            return AuditLines.WriteAsync(events, context.Response.Body, cancellation);
        }
    }

    private static void Begin(HttpContext context, string contentType, string fileName)
    {
        context.Response.ContentType = contentType;
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{fileName}\"";
    }

    private static AdministratorSession? SessionOf(HttpContext context, TenantContext tenant, PortalVisit visit) =>
        SessionClaims.Read(context.User) is { } person ? new AdministratorSession(tenant.Required.Id, person.SessionId, visit.Facts) : null;

    /// <summary>The answer; a refusal leads to the page, which says what has to be done, or is answered as the page answers it.</summary>
    private static IResult Answer<T>(HttpContext context, AdministrationResult<T> result, string page, Func<T, IResult> answer) => result switch
    {
        AdministrationResult<T>.Answered answered => answer(answered.Value),
        AdministrationResult<T>.Refused(AdministrationRefusal.NotAllowed) => TypedResults.StatusCode(StatusCodes.Status403Forbidden),
        AdministrationResult<T>.Refused(AdministrationRefusal.SignInNeeded) => TypedResults.LocalRedirect($"{context.Request.PathBase}/{page}"),
        _ => SignIn(context, page),
    };

    private static RedirectHttpResult SignIn(HttpContext context, string page) =>
        TypedResults.LocalRedirect($"{context.Request.PathBase}/sign-in?returnUrl={Uri.EscapeDataString(page)}");
}
