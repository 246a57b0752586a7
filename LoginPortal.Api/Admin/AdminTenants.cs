using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Http;
using LoginPortal.Api.OpenApi;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Admin;

/// <summary>The tenants, for operators of the platform.</summary>
internal static class AdminTenants
{
    public static void MapAdminTenants(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/tenants", ListAsync).Answers<Envelope<AdminPage<AdminTenantResponse>>>().Says("The tenants, a page at a time", 401, 403)
            .WithMetadata(new QueryAttribute("search", "cursor", "limit")).RequireBearer();
        admin.MapPost("/tenants", CreateAsync).Answers<Envelope<AdminTenantResponse>>().Says("Make a tenant", 401, 403, 409).RequireBearer();
        admin.MapGet("/tenants/{id}", ShowAsync).Answers<Envelope<AdminTenantResponse>>().Says("One tenant", 401, 403, 404).RequireBearer();
        admin.MapPost("/tenants/{id}/suspend", SuspendAsync).Answers<Envelope<AdminTenantResponse>>().Says("Take a tenant out of service", 401, 403, 404, 409).RequireBearer();
        admin.MapPost("/tenants/{id}/resume", ResumeAsync).Answers<Envelope<AdminTenantResponse>>().Says("Put a tenant back into service, or keep one that is to be deleted", 401, 403, 404, 409).RequireBearer();
        admin.MapDelete("/tenants/{id}", DeleteAsync).Answers<Envelope<AdminTenantResponse>>().Says("Take a tenant out of service and delete it after seven days", 401, 403, 404, 409).RequireBearer();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, TenantRegister tenants, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var reader = new QueryReader(request);
        var (search, cursor, limit) = (reader.Text("search"), reader.Text("cursor"), reader.Number("limit", 1, TenantRegister.MaximumPageSize));
        return reader.Error ?? (await tenants.ListAsync(AdminEndpoints.SessionOf(caller, tenant), search, cursor, limit, cancellationToken)).Answer(page => page is null
            ? AdminErrors.CursorUnknown
            : envelopes.Ok(new AdminPage<AdminTenantResponse>([.. page.Items.Select(ToWire)], page.NextCursor)));
    }

    private static async Task<IResult> ShowAsync(
        string id, TenantRegister tenants, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        (await tenants.FindAsync(AdminEndpoints.SessionOf(caller, tenant), IdOf(id), cancellationToken)).Answer(found => found is null
            ? AdminErrors.NoSuchTenant
            : envelopes.Ok(ToWire(found)));

    private static async Task<IResult> CreateAsync(
        Body<AdminTenantRequest> body, TenantRegister tenants, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        (await tenants.CreateAsync(
            AdminEndpoints.SessionOf(caller, tenant), body.Value.Slug, body.Value.DisplayName, body.Value.AdministratorEmail, cancellationToken))
            .Answer(result => ToAnswer(result, envelopes));

    private static async Task<IResult> SuspendAsync(
        string id, TenantRegister tenants, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        (await tenants.SuspendAsync(AdminEndpoints.SessionOf(caller, tenant), IdOf(id), cancellationToken)).Answer(result => ToAnswer(result, envelopes));

    private static async Task<IResult> ResumeAsync(
        string id, TenantRegister tenants, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        (await tenants.ResumeAsync(AdminEndpoints.SessionOf(caller, tenant), IdOf(id), cancellationToken)).Answer(result => ToAnswer(result, envelopes));

    private static async Task<IResult> DeleteAsync(
        string id, TenantRegister tenants, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        (await tenants.DeleteAsync(AdminEndpoints.SessionOf(caller, tenant), IdOf(id), cancellationToken)).Answer(result => ToAnswer(result, envelopes));

    private static Guid IdOf(string id) => Guid.TryParse(id, out var tenantId) ? tenantId : Guid.Empty;

    private static IResult ToAnswer(TenantResult result, Envelopes envelopes) => result switch
    {
        TenantResult.Done(var done) => envelopes.Ok(ToWire(done)),
        TenantResult.PlatformItself => AdminErrors.PlatformItself,
        TenantResult.SlugTaken => AdminErrors.SlugTaken,
        TenantResult.Refused(var fields) => ApiError.Malformed([.. fields.Select(field => field switch
        {
            TenantField.Slug => FieldProblem.InBody("slug", "value_error", "1 to 40 lower-case letters, digits and inner hyphens"),
            TenantField.DisplayName => FieldProblem.InBody("display_name", "value_error", "1 to 128 characters on one line"),
            _ => FieldProblem.InBody("administrator_email", "value_error", "value is not a valid email address"),
        })]),
        _ => AdminErrors.NoSuchTenant,
    };

    private static AdminTenantResponse ToWire(TenantSummary tenant) => new(
        tenant.Id.ToString(),
        tenant.Slug,
        tenant.DisplayName,
        tenant.DeletionDueAt is not null ? "deletion_scheduled" : tenant.Status == TenantStatus.Active ? "active" : "suspended",
        tenant.DeletionDueAt,
        tenant.CreatedAt);
}

/// <summary>A tenant.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Slug">The name in its address.</param>
/// <param name="DisplayName">What people call it.</param>
/// <param name="Status"><c>active</c>, <c>suspended</c> or <c>deletion_scheduled</c>.</param>
/// <param name="DeletedFrom">From when everything of it is deleted, UTC; <see langword="null"/> if it is not to be.</param>
/// <param name="CreatedAt">When it was made, UTC.</param>
internal sealed record AdminTenantResponse(
    string Id, string Slug, string DisplayName, string Status, DateTimeOffset? DeletedFrom, DateTimeOffset CreatedAt);

/// <summary>Make a tenant.</summary>
internal sealed record AdminTenantRequest
{
    [Required, Description("The name in its address: 1 to 40 lower-case letters, digits and inner hyphens.")]
    public string? Slug { get; init; }

    [Required]
    public string? DisplayName { get; init; }

    [Format("email"), Description("Who is invited to administer it.")]
    public string? AdministratorEmail { get; init; }
}
