using System.Text.Json;
using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Http;
using LoginPortal.Api.OpenApi;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace LoginPortal.Api.Admin;

/// <summary>The security events of the administrator's tenant.</summary>
internal static class AdminAudit
{
    private const string Lines = "application/x-ndjson";

    public static void MapAdminAudit(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/audit", ListAsync).Answers<Envelope<AdminPage<AdminEventResponse>>>().Says("The security events, the newest first", 401, 403)
            .WithMetadata(new QueryAttribute("kind", "outcome", "subject_id", "actor_id", "from", "until", "cursor", "limit")).RequireBearer();
        admin.MapGet("/audit/export", ExportAsync).Produces<AdminEventResponse>(StatusCodes.Status200OK, Lines).Says("Every security event, one a line", 401, 403)
            .WithMetadata(new QueryAttribute("kind", "outcome", "subject_id", "actor_id", "from", "until")).RequireBearer();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, AuditTrail trail, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var reader = new QueryReader(request);
        var query = Read(reader) with { Cursor = reader.Text("cursor"), PageSize = reader.Number("limit", 1, AuditTrail.MaximumPageSize) };
        return reader.Error ?? (await trail.ListAsync(AdminEndpoints.SessionOf(caller, tenant), query, cancellationToken)).Answer(page => page is null
            ? AdminErrors.CursorUnknown
            : envelopes.Ok(new AdminPage<AdminEventResponse>([.. page.Items.Select(AdminEventResponse.Of)], page.NextCursor)));
    }

    /// <summary>Written as it is read: neither side ever holds the table.</summary>
    private static async Task<IResult> ExportAsync(
        HttpContext http, AuditTrail trail, TenantContext tenant, Caller caller, IOptions<JsonOptions> json, CancellationToken cancellationToken)
    {
        var reader = new QueryReader(http.Request);
        var query = Read(reader);
        return reader.Error ?? (await trail.ExportAsync(AdminEndpoints.SessionOf(caller, tenant), query, WriteAsync, cancellationToken))
            .Answer(_ => TypedResults.Empty);

        async Task WriteAsync(IAsyncEnumerable<SecurityEvent> events, CancellationToken cancellation)
        {
            http.Response.ContentType = Lines;
            http.Response.Headers.ContentDisposition = "attachment; filename=\"security-events.ndjson\"";
            var body = http.Response.Body;
            await foreach (var security in events.WithCancellation(cancellation))
            {
                await JsonSerializer.SerializeAsync(body, AdminEventResponse.Of(security), json.Value.SerializerOptions, cancellation);
                await body.WriteAsync("\n"u8.ToArray(), cancellation);
            }
        }
    }

    private static AuditQuery Read(QueryReader reader) => new()
    {
        Kind = reader.Text("kind"),
        Outcome = reader.OneOf<SecurityEventOutcome>("outcome"),
        SubjectId = reader.Id("subject_id"),
        ActorId = reader.Id("actor_id"),
        From = reader.Time("from"),
        Until = reader.Time("until"),
    };
}

/// <summary>A security event.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="OccurredAt">When, UTC.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Outcome">How it ended.</param>
/// <param name="SubjectId">Whose account, or what, it was done to.</param>
/// <param name="ActorId">Who did it, where somebody had proved to be somebody.</param>
/// <param name="SessionId">The session it belongs to.</param>
/// <param name="IpAddress">The network address it came from.</param>
/// <param name="Reason">Why it ended as it did, a stable code.</param>
/// <param name="Differences">What was changed.</param>
internal sealed record AdminEventResponse(
    string Id,
    DateTimeOffset OccurredAt,
    string Kind,
    SecurityEventOutcome Outcome,
    string? SubjectId,
    string? ActorId,
    string? SessionId,
    string? IpAddress,
    string? Reason,
    IReadOnlyList<AdminDifference>? Differences)
{
    public static AdminEventResponse Of(SecurityEvent security) => new(
        security.Id.ToString(),
        security.OccurredAt,
        security.Kind,
        security.Outcome,
        security.SubjectId?.ToString(),
        security.ActorId?.ToString(),
        security.SessionId?.ToString(),
        security.IpAddress,
        security.Reason,
        security.Differences is null ? null : [.. security.Differences.Select(d => new AdminDifference(d.Path, d.Before, d.After))]);
}

/// <summary>One value that was changed.</summary>
/// <param name="Path">Where.</param>
/// <param name="Before">The value before, as JSON in a text; <see langword="null"/> where there was none.</param>
/// <param name="After">The value after, likewise.</param>
internal sealed record AdminDifference(string Path, string? Before, string? After);
