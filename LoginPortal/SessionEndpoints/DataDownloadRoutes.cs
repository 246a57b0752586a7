using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Tenants;
using LoginPortal.Visits;

namespace LoginPortal.SessionEndpoints;

/// <summary>Gives a person everything that is held about them as a file, written while it is read.</summary>
internal static class DataDownloadRoutes
{
    /// <summary>Named as in the JSON host; readable for people.</summary>
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
        Encoder = JavaScriptEncoder.Create(UnicodeRanges.All),
        WriteIndented = true,
    };

    public static IEndpointRouteBuilder MapDataDownload(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/account/data/download", DownloadAsync);
        return endpoints;
    }

    private static async Task<IResult> DownloadAsync(
        HttpContext context,
        PersonalDataExport export,
        TenantContext tenant,
        PortalVisit visit,
        IFormCollection form,
        CancellationToken cancellationToken)
    {
        // Nothing in the form is needed; taking it is what has its antiforgery token checked.
        _ = form;
        var result = SessionClaims.Read(context.User) is { } person
            ? await export.WriteAsync(tenant.Required.Id, person.SessionId, WriteAsync, visit.Facts, cancellationToken)
            : PersonalDataResult.SignedOut;
        return result switch
        {
            PersonalDataResult.Written => TypedResults.Empty,
            PersonalDataResult.SignInNeeded => TypedResults.LocalRedirect($"{context.Request.PathBase}/account/data"),
            _ => TypedResults.LocalRedirect($"{context.Request.PathBase}/sign-in?returnUrl=account%2Fdata"),
        };

        Task WriteAsync(PersonalData data, CancellationToken cancellation)
        {
            context.Response.ContentType = "application/json; charset=utf-8";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers.ContentDisposition = $"attachment; filename=\"{tenant.Required.Slug}-account.json\"";
            return JsonSerializer.SerializeAsync(context.Response.Body, data, Options, cancellation);
        }
    }
}
