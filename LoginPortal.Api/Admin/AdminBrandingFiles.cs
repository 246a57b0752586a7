using System.Globalization;
using System.Text.Json;
using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Http;
using LoginPortal.Api.OpenApi;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tenants.Assets;
using Microsoft.AspNetCore.Http.Features;

namespace LoginPortal.Api.Admin;

/// <summary>Pictures and fonts for the branding, and the branding as a file. Both are sent as they are: they are larger than any JSON that is taken elsewhere.</summary>
internal static class AdminBrandingFiles
{
    public static void MapAdminBrandingFiles(this IEndpointRouteBuilder admin)
    {
        admin.MapPost("/branding/assets/{use}", UploadAsync).Answers<Envelope<AdminAssetResponse>>().Says("Store a picture or font, for a draft to refer to", 401, 403).RequireBearer();
        admin.MapGet("/branding/export", ExportAsync).Produces<object>().Says("The draft, or what is live, as a file with its pictures and font", 401, 403).RequireBearer();
        admin.MapPost("/branding/import", ImportAsync).Answers<Envelope<AdminBrandingResponse>>().Says("Make a file the draft", 401, 403, 409)
            .WithMetadata(new QueryAttribute("version")).RequireBearer();
    }

    private static async Task<IResult> UploadAsync(
        string use, HttpContext http, BrandingAssets assets, BrandingStudio studio, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        if (!Enum.TryParse<AssetUse>(use, ignoreCase: true, out var wanted) || !Enum.IsDefined(wanted) || char.IsAsciiDigit(use[0]))
        {
            return ApiError.NotFound with { Message = "There is no such use: logo, favicon, background or font." };
        }

        // Nothing is read of what somebody sends who may not send it.
        var session = AdminEndpoints.SessionOf(caller, tenant);
        if (await studio.ShowAsync(session, cancellationToken) is AdministrationResult<BrandingStanding>.Refused refusal)
        {
            return refusal.Answer(_ => TypedResults.Empty);
        }

        var content = await ReadAsync(http, AssetReader.MaximumBytes, cancellationToken);
        return (await assets.UploadAsync(session, content, wanted, cancellationToken)).Answer(result => result switch
        {
            AssetResult.Stored(var file) => envelopes.Ok(new AdminAssetResponse(file.Key, file.ContentType, file.Width, file.Height)),
            AssetResult.Refused(var problem) => ApiError.Malformed(ProblemOf("file", problem)),
            _ => throw new InvalidOperationException($"{result} is not handled."),
        });
    }

    private static async Task<IResult> ExportAsync(BrandingFiles files, TenantContext tenant, Caller caller, CancellationToken cancellationToken) =>
        (await files.WriteAsync(AdminEndpoints.SessionOf(caller, tenant), cancellationToken))
            .Answer(content => TypedResults.File(content, "application/json", $"branding-{tenant.Required.Slug}.json"));

    private static async Task<IResult> ImportAsync(
        HttpContext http,
        BrandingFiles files,
        BrandingStudio studio,
        TenantContext tenant,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken)
    {
        var reader = new QueryReader(http.Request);
        var version = reader.Number("version", 0, int.MaxValue) ?? 0;
        if (reader.Error is { } error)
        {
            return error;
        }

        var session = AdminEndpoints.SessionOf(caller, tenant);
        if (await studio.ShowAsync(session, cancellationToken) is AdministrationResult<BrandingStanding>.Refused refusal)
        {
            return refusal.Answer(_ => TypedResults.Empty);
        }

        var read = await files.ReadAsync(session, await ReadAsync(http, BrandingFiles.MaximumBytes, cancellationToken), cancellationToken);
        return read is AdministrationResult<BrandingFileResult>.Answered(BrandingFileResult.Read(var document))
            ? (await studio.SaveAsync(session, document, version, cancellationToken)).Answer(change => AdminBranding.ToAnswer(change, envelopes))
            : read.Answer(Refuse);
    }

    private static ApiError Refuse(BrandingFileResult result) => result switch
    {
        BrandingFileResult.Unreadable(var problem, var path, var line) => ApiError.Malformed(FieldProblem.InBody(
            path.Length == 0 ? "file" : path,
            JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.ToString()),
            string.Create(CultureInfo.InvariantCulture, $"This is no file of branding that can be read{(line > 0 ? $" (line {line})" : "")}"))),
        BrandingFileResult.AssetRefused(var path, var problem) => ApiError.Malformed(ProblemOf(path, problem)),
        BrandingFileResult.Invalid(var problems) => ApiError.Malformed([.. problems.Select(problem =>
            FieldProblem.InBody($"document.{problem.Path}", AdminBrandingProblem.KindOf(problem), AdminBrandingProblem.MessageOf(problem)))]),
        _ => throw new InvalidOperationException($"{result} is not handled."),
    };

    private static FieldProblem ProblemOf(string field, AssetProblem problem) => FieldProblem.InBody(
        field,
        JsonNamingPolicy.SnakeCaseLower.ConvertName(problem.Kind.ToString()),
        string.Create(CultureInfo.InvariantCulture, $"The file cannot be taken{(problem.What.Length > 0 ? $": {problem.What}" : "")}{(problem.Line > 0 ? $" (line {problem.Line})" : "")}"));

    /// <summary>The body, or one byte more than it may have: what is more is not read.</summary>
    private static async Task<byte[]> ReadAsync(HttpContext http, int most, CancellationToken cancellationToken)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = most + 1;
        }

        if (http.Request.ContentLength > most)
        {
            return new byte[most + 1];
        }

        var buffer = new byte[(int)(http.Request.ContentLength ?? most) + 1];
        var length = await http.Request.Body.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellationToken);
        return buffer[..length];
    }
}

/// <summary>A picture or font that is stored.</summary>
/// <param name="Key">What a draft refers to it by.</param>
/// <param name="ContentType">What it is, by its content.</param>
/// <param name="Width">Pixels; 0 for a font, and for a drawing that fits any size.</param>
/// <param name="Height">Likewise.</param>
internal sealed record AdminAssetResponse(string Key, string ContentType, int Width, int Height);
