using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Http;
using LoginPortal.Api.OpenApi;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Admin;

/// <summary>The people of the administrator's tenant.</summary>
internal static class AdminUsers
{
    public static void MapAdminUsers(this IEndpointRouteBuilder admin)
    {
        admin.MapGet("/users", ListAsync).Answers<Envelope<AdminPage<AdminUserResponse>>>().Says("The people, a page at a time", 401, 403)
            .WithMetadata(new QueryAttribute("search", "role", "cursor", "limit")).RequireBearer();
        admin.MapPost("/users", CreateAsync).Answers<Envelope<AdminUserDetailResponse>>().Says("Make an account for somebody", 401, 403, 409, 429).RequireBearer();
        admin.MapPost("/users/invite", InviteAsync).Answers<Envelope<StatusResponse>>().Says("Invite somebody", 401, 403, 409, 429).RequireBearer();
        admin.MapGet("/users/{id}", ShowAsync).Answers<Envelope<AdminUserDetailResponse>>().Says("One person", 401, 403, 404).RequireBearer();
        admin.MapPatch("/users/{id}", ChangeRoleAsync).Answers<Envelope<AdminUserDetailResponse>>().Says("Let a person do more or less", 401, 403, 404, 409).RequireBearer();
        Map("disable", "Close an account", (accounts, session, id, cancellation) => accounts.DisableAsync(session, id, cancellation));
        Map("enable", "Open a closed account again, or keep one that is to be deleted", (accounts, session, id, cancellation) => accounts.EnableAsync(session, id, cancellation));
        Map("unlock", "Let a person try again who guessed wrong too often", (accounts, session, id, cancellation) => accounts.UnlockAsync(session, id, cancellation));
        Map("reset-mfa", "Remove every second factor of a person", (accounts, session, id, cancellation) => accounts.ResetSecondFactorsAsync(session, id, cancellation));
        Map("end-sessions", "End every session of a person", (accounts, session, id, cancellation) => accounts.EndSessionsAsync(session, id, cancellation));
        admin.MapDelete("/users/{id}", DeleteAsync).Answers<Envelope<AdminUserDetailResponse>>().Says("Close an account and delete it after seven days", 401, 403, 404, 409).RequireBearer();

        void Map(
            string action,
            string summary,
            Func<AccountAdministration, AdministratorSession, Guid, CancellationToken, Task<AdministrationResult<AccountResult>>> work) =>
            admin.MapPost($"/users/{{id}}/{action}", (string id, AccountAdministration accounts, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
                    ActAsync(id, session => work(accounts, session.Session, session.Id, cancellationToken), tenant, caller, envelopes))
                .Answers<Envelope<AdminUserDetailResponse>>().Says(summary, 401, 403, 404, 409).RequireBearer();
    }

    private static async Task<IResult> ListAsync(
        HttpRequest request, AccountDirectory accounts, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var reader = new QueryReader(request);
        var query = new AccountQuery
        {
            Search = reader.Text("search"),
            Role = reader.OneOf<PortalRole>("role"),
            Cursor = reader.Text("cursor"),
            PageSize = reader.Number("limit", 1, AccountDirectory.MaximumPageSize),
        };
        return reader.Error ?? (await accounts.ListAsync(AdminEndpoints.SessionOf(caller, tenant), query, cancellationToken)).Answer(page => page is null
            ? AdminErrors.CursorUnknown
            : envelopes.Ok(new AdminPage<AdminUserResponse>([.. page.Items.Select(AdminUserResponse.Of)], page.NextCursor)));
    }

    private static async Task<IResult> ShowAsync(
        string id, AccountDirectory accounts, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        (await accounts.FindAsync(AdminEndpoints.SessionOf(caller, tenant), IdOf(id), cancellationToken)).Answer(account => account is null
            ? AdminErrors.NoSuchUser
            : envelopes.Ok(AdminUserDetailResponse.Of(account)));

    private static async Task<IResult> CreateAsync(
        Body<AdminUserCreateRequest> body, AccountOpening opening, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var request = body.Value;
        if (RoleOf(request.Role) is not { } role)
        {
            return RoleUnknown;
        }

        var account = new AccountToCreate(request.Email, request.FirstName ?? "", request.LastName ?? "", role, request.Password);
        return (await opening.CreateAsync(AdminEndpoints.SessionOf(caller, tenant), account, cancellationToken)).Answer(result => ToAnswer(result, envelopes));
    }

    private static async Task<IResult> InviteAsync(
        Body<AdminInviteRequest> body, AccountOpening opening, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        RoleOf(body.Value.Role) is not { } role
            ? RoleUnknown
            : (await opening.InviteAsync(AdminEndpoints.SessionOf(caller, tenant), body.Value.Email, role, cancellationToken))
                .Answer(result => ToAnswer(result, envelopes));

    private static Task<IResult> ChangeRoleAsync(
        string id,
        Body<AdminRoleRequest> body,
        AccountAdministration accounts,
        TenantContext tenant,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken) => RoleOf(body.Value.Role) is not { } role
            ? Task.FromResult<IResult>(RoleUnknown)
            : ActAsync(id, target => accounts.ChangeRoleAsync(target.Session, target.Id, role, cancellationToken), tenant, caller, envelopes);

    private static Task<IResult> DeleteAsync(
        string id, AccountAdministration accounts, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        ActAsync(id, target => accounts.DeleteAsync(target.Session, target.Id, cancellationToken), tenant, caller, envelopes);

    private static async Task<IResult> ActAsync(
        string id,
        Func<(AdministratorSession Session, Guid Id), Task<AdministrationResult<AccountResult>>> work,
        TenantContext tenant,
        Caller caller,
        Envelopes envelopes) =>
        (await work((AdminEndpoints.SessionOf(caller, tenant), IdOf(id)))).Answer(result => ToAnswer(result, envelopes));

    /// <summary>What is no identifier is nobody's; that is said only to administrators, as of any other.</summary>
    private static Guid IdOf(string id) => Guid.TryParse(id, out var userId) ? userId : Guid.Empty;

    private static IResult ToAnswer(AccountResult result, Envelopes envelopes) => result switch
    {
        AccountResult.Done(var account) => envelopes.Ok(AdminUserDetailResponse.Of(account)),
        AccountResult.Invited => envelopes.Ok(new StatusResponse("invited", "The invitation is on its way.")),
        AccountResult.OwnAccount => AdminErrors.OwnAccount,
        AccountResult.NotAllowed => AdminErrors.RoleTooHigh,
        AccountResult.LastAdministrator => AdminErrors.LastAdministrator,
        AccountResult.AddressTaken => AdminErrors.AddressTaken,
        AccountResult.AddressMalformed => ApiError.Malformed(FieldProblem.InBody("email", "value_error", "value is not a valid email address")),
        AccountResult.NamesNotAllowed(var fields) => ApiError.Malformed([.. fields.Select(field => FieldProblem.InBody(
            field.Field == "given-name" ? "first_name" : "last_name", "value_error", "At most 100 characters, none of them a control character"))]),
        AccountResult.PasswordNotAllowed(var problems) => ApiError.Malformed([.. problems.Select(problem => TenantAuthMapper.ToProblem("password", problem))]),
        AccountResult.TooManyMails => ApiError.TooManyAttempts(TimeSpan.FromHours(1)),
        AccountResult.Busy => ApiError.TooManyAttempts(SignInRunner.BusyDelay),
        _ => AdminErrors.NoSuchUser,
    };

    private static ApiError RoleUnknown { get; } = ApiError.Malformed(
        FieldProblem.InBody("role", "enum", "Input should be 'member', 'tenant_administrator' or 'platform_operator'"));

    private static PortalRole? RoleOf(string? name) => name switch
    {
        null or "member" => PortalRole.Member,
        "tenant_administrator" => PortalRole.TenantAdministrator,
        "platform_operator" => PortalRole.PlatformOperator,
        _ => null,
    };
}
