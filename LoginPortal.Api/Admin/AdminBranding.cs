using System.Text.Json;
using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Http;
using LoginPortal.Api.OpenApi;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace LoginPortal.Api.Admin;

/// <summary>The look and the words of the administrator's tenant: a draft, published as a revision, rolled back by publishing an earlier one.</summary>
internal static class AdminBranding
{
    /// <summary>Stands for the portal's own look where a revision is named.</summary>
    private const string PortalsOwn = "default";

    public static void MapAdminBranding(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/branding", ShowAsync).Answers<Envelope<AdminBrandingResponse>>().Says("The draft and what is live", 401, 403).RequireBearer();
        admin.MapPatch("/branding/draft", SaveAsync).Answers<Envelope<AdminBrandingResponse>>().Says("Change the draft, or begin one", 401, 403, 409).RequireBearer();
        admin.MapDelete("/branding/draft", DiscardAsync).Answers<Envelope<AdminBrandingResponse>>().Says("Throw the draft away", 401, 403, 409)
            .WithMetadata(new QueryAttribute("version")).RequireBearer();
        admin.MapPost("/branding/publish", PublishAsync).Answers<Envelope<AdminBrandingResponse>>().Says("Publish the draft", 401, 403, 409).RequireBearer();
        admin.MapGet("/branding/revisions", ListAsync).Answers<Envelope<IReadOnlyList<AdminRevisionResponse>>>().Says("The revisions, the newest first", 401, 403)
            .WithMetadata(new QueryAttribute("before")).RequireBearer();
        admin.MapGet("/branding/revisions/{id}", ShowRevisionAsync).Answers<Envelope<Branding>>().Says("One revision", 401, 403, 404).RequireBearer();
        admin.MapPost("/branding/revisions/{id}/restore", RestoreAsync).Answers<Envelope<AdminBrandingResponse>>().Says("Publish an earlier revision anew", 401, 403, 404, 409).RequireBearer();
    }

    private static async Task<IResult> ShowAsync(
        BrandingStudio studio, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        (await studio.ShowAsync(AdminEndpoints.SessionOf(caller, tenant), cancellationToken)).Answer(standing => envelopes.Ok(AdminBrandingResponse.Of(standing)));

    private static async Task<IResult> SaveAsync(
        Patch<AdminBrandingDraft> patch,
        BrandingStudio studio,
        TenantContext tenant,
        Caller caller,
        Envelopes envelopes,
        IOptions<JsonOptions> json,
        CancellationToken cancellationToken)
    {
        var session = AdminEndpoints.SessionOf(caller, tenant);
        var shown = await studio.ShowAsync(session, cancellationToken);
        if (shown is not AdministrationResult<BrandingStanding>.Answered(var standing))
        {
            return shown.Answer(_ => TypedResults.Empty);
        }

        AdminBrandingDraft draft;
        try
        {
            draft = patch.ApplyTo(new AdminBrandingDraft { Version = standing.Version, Document = standing.Document }, json.Value.SerializerOptions);
        }
        catch (JsonException exception)
        {
            return Patches.Refuse(exception);
        }

        return (await studio.SaveAsync(session, draft.Document, draft.Version, cancellationToken)).Answer(change => ToAnswer(change, envelopes));
    }

    private static async Task<IResult> DiscardAsync(
        HttpRequest request, BrandingStudio studio, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var reader = new QueryReader(request);
        var version = reader.Number("version", 1, int.MaxValue);
        return reader.Error ?? (version is not { } given
            ? ApiError.Malformed(FieldProblem.Missing("query", "version"))
            : (await studio.DiscardAsync(AdminEndpoints.SessionOf(caller, tenant), given, cancellationToken)).Answer(change => ToAnswer(change, envelopes)));
    }

    private static async Task<IResult> PublishAsync(
        Body<AdminPublishRequest> body, BrandingStudio studio, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        RevisionOf(body.Value.LiveRevisionId, out var live) is { } problem
            ? problem
            : (await studio.PublishAsync(AdminEndpoints.SessionOf(caller, tenant), body.Value.Version ?? 0, live, cancellationToken))
                .Answer(change => ToAnswer(change, envelopes));

    private static async Task<IResult> ListAsync(
        HttpRequest request, BrandingStudio studio, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var reader = new QueryReader(request);
        var before = reader.Number("before", 1, int.MaxValue);
        return reader.Error ?? (await studio.ListRevisionsAsync(AdminEndpoints.SessionOf(caller, tenant), before, cancellationToken)).Answer(revisions =>
            envelopes.Ok<IReadOnlyList<AdminRevisionResponse>>([.. revisions.Select(AdminRevisionResponse.Of)]));
    }

    private static async Task<IResult> ShowRevisionAsync(
        string id, BrandingStudio studio, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        (await studio.FindRevisionAsync(
            AdminEndpoints.SessionOf(caller, tenant), Guid.TryParse(id, out var revisionId) ? revisionId : Guid.Empty, cancellationToken))
            .Answer(document => document is null ? NoSuchRevision : envelopes.Ok(document));

    private static async Task<IResult> RestoreAsync(
        string id,
        Body<AdminRestoreRequest> body,
        BrandingStudio studio,
        TenantContext tenant,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken)
    {
        if (RevisionOf(body.Value.LiveRevisionId, out var live) is { } problem)
        {
            return problem;
        }

        Guid? revisionId = id == PortalsOwn ? null : Guid.TryParse(id, out var named) ? named : Guid.Empty;
        return (await studio.RestoreAsync(AdminEndpoints.SessionOf(caller, tenant), revisionId, live, cancellationToken))
            .Answer(change => ToAnswer(change, envelopes));
    }

    private static ApiError NoSuchRevision { get; } = ApiError.NotFound with { Message = "There is no such revision." };

    private static ApiError? RevisionOf(string? text, out Guid? id)
    {
        id = Guid.TryParse(text, out var named) ? named : null;
        return text is null || id is not null
            ? null
            : ApiError.Malformed(FieldProblem.InBody("live_revision_id", "uuid_parsing", "Input should be a valid UUID, or null for the portal's own look"));
    }

    internal static IResult ToAnswer(BrandingChange change, Envelopes envelopes) => change switch
    {
        BrandingChange.Done(var standing) => envelopes.Ok(AdminBrandingResponse.Of(standing)),
        BrandingChange.Conflict => AdminErrors.ChangedMeanwhile,
        BrandingChange.Invalid(var problems) => ApiError.Malformed([.. problems.Select(problem =>
            FieldProblem.InBody($"document.{AdminBrandingProblem.PathOf(problem)}", AdminBrandingProblem.KindOf(problem), AdminBrandingProblem.MessageOf(problem)))]),
        _ => NoSuchRevision,
    };
}
