using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Http;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.AddressChanges;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Me;

/// <summary>The signed-in person's own account, whichever contract they signed in through.</summary>
internal static class MeEndpoints
{
    public static IEndpointRouteBuilder MapMe(this IEndpointRouteBuilder endpoints)
    {
        var me = endpoints.MapGroup("/api/v1/me").WithGroupName(TenantAuthContract.Contract.Name).WithTags("Me");
        me.MapGet("", Show).Answers<Envelope<MeResponse>>().Says("The signed-in person", 401, 403).RequireBearer();
        me.MapPatch("", ChangeAsync).Answers<Envelope<MeResponse>>().Says("Change names or language", 401, 403).RequireBearer();
        me.MapPost("/password", ChangePasswordAsync).Answers<Envelope<StatusResponse>>().Says("Change the password", 401, 403, 429).RequireBearer();
        me.MapPost("/email", ChangeAddressAsync).Answers<Envelope<StatusResponse>>().Says("Change the address", 401, 403).RequireBearer();
        me.MapGet("/sessions", ListSessionsAsync).Answers<Envelope<IReadOnlyList<SessionResponse>>>().Says("The sessions", 401, 403).RequireBearer();
        me.MapDelete("/sessions/{id}", EndSessionAsync).Answers<Envelope<StatusResponse>>().Says("End a session", 401, 403, 404).RequireBearer();
        me.MapDelete("/sessions", EndOtherSessionsAsync).Answers<Envelope<StatusResponse>>().Says("End all other sessions", 401, 403).RequireBearer();
        me.MapGet("/export", ExportAsync).Answers<Envelope<PersonalData>>().Says("Everything that is held about the person; after a fresh sign-in", 401, 403).RequireBearer();
        me.MapDelete("", EraseAsync).Answers<Envelope<MeErasureResponse>>().Says("Close the account, to be erased after a week; after a fresh sign-in", 401, 403, 409).RequireBearer();
        me.MapMeFactors();
        me.MapMePasskeys();
        return endpoints;
    }

    private static IResult Show(Caller caller, Envelopes envelopes) => envelopes.Ok(ToWire(caller.Session.Person));

    private static async Task<IResult> ChangeAsync(
        Body<MePatchRequest> body, OwnProfile profile, SessionService sessions, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var request = body.Value;
        var problems = await profile.ChangeAsync(
            caller.Session.UserId,
            new ProfileChange { GivenName = request.FirstName, FamilyName = request.LastName, Language = request.Locale },
            caller.Facts,
            cancellationToken);
        if (problems.Count == 0)
        {
            return await sessions.FindAsync(caller.Session.Id, cancellationToken) is { Person: var person } ? envelopes.Ok(ToWire(person)) : ApiError.Unauthenticated;
        }

        return ApiError.Malformed([.. problems.Select(problem => problem.Field switch
        {
            "given-name" => FieldProblem.InBody("first_name", "value_error", "At most 100 characters, none of them a control character"),
            "family-name" => FieldProblem.InBody("last_name", "value_error", "At most 100 characters, none of them a control character"),
            _ => FieldProblem.InBody("locale", "enum", "There are no texts in this language"),
        })]);
    }

    private static async Task<IResult> ChangePasswordAsync(
        Body<MePasswordRequest> body, OwnPassword password, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        await password.ChangeAsync(
            caller.Session.UserId, caller.Session.Id, body.Value.CurrentPassword, body.Value.NewPassword, caller.Facts, cancellationToken) switch
        {
            OwnPasswordResult.Done => envelopes.Ok(new StatusResponse("success", "The password has been changed, and every other session ended.")),
            OwnPasswordResult.NotAllowed(var problems) => TenantAuthMapper.PasswordNotAllowed(problems),
            OwnPasswordResult.Unchanged => TenantAuthMapper.PasswordUnchanged,
            OwnPasswordResult.Throttled(var retryAfter) => ApiError.TooManyAttempts(retryAfter),
            _ => ApiError.Malformed(FieldProblem.InBody("current_password", "password_wrong", "The present password is another.")),
        };

    /// <summary>Whether the address is free is told to its mailbox alone.</summary>
    private static async Task<IResult> ChangeAddressAsync(
        Body<MeEmailRequest> body,
        AddressChanging addresses,
        TenantContext tenant,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken) =>
        await addresses.RequestAsync(tenant.Required.Id, caller.Session.Id, body.Value.Email, caller.Facts, cancellationToken) switch
        {
            AddressChangeResult.Sent => envelopes.Ok(new StatusResponse(
                "accepted", "A mail with a link is on its way to the new address, which counts once the link was followed.")),
            AddressChangeResult.Unchanged => ApiError.Malformed(FieldProblem.InBody("email", "email_unchanged", "It is the present address")),
            AddressChangeResult.AddressMalformed => ApiError.Malformed(FieldProblem.InBody("email", "value_error", "value is not a valid email address")),
            AddressChangeResult.SignInNeeded => ApiError.SignInNeeded,
            _ => ApiError.Unauthenticated,
        };

    private static async Task<IResult> ListSessionsAsync(
        OwnProfile profile, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        envelopes.Ok<IReadOnlyList<SessionResponse>>(
            [.. (await profile.ListSessionsAsync(caller.Session.UserId, cancellationToken)).Select(session => new SessionResponse(
                session.Id.ToString(),
                session.DeviceLabel,
                session.IpAddress,
                session.CreatedAt,
                session.LastSeenAt,
                session.ExpiresAt,
                session.Id == caller.Session.Id))]);

    private static async Task<IResult> EndSessionAsync(
        string id, OwnProfile profile, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        Guid.TryParse(id, out var sessionId)
        && await profile.EndSessionAsync(caller.Session.UserId, sessionId, caller.Facts, cancellationToken) > 0
            ? envelopes.Ok(new StatusResponse("success", "The session has ended."))
            : ApiError.NotFound with { Message = "There is no such session." };

    private static async Task<IResult> EndOtherSessionsAsync(
        OwnProfile profile, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        await profile.EndOtherSessionsAsync(caller.Session.UserId, caller.Session.Id, caller.Facts, cancellationToken);
        return envelopes.Ok(new StatusResponse("success", "All other sessions have ended."));
    }

    private static async Task<IResult> ExportAsync(
        HttpContext context, PersonalDataExport export, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        await export.WriteAsync(
            tenant.Required.Id, caller.Session.Id, (data, _) => envelopes.Ok(data).ExecuteAsync(context), caller.Facts, cancellationToken) switch
        {
            PersonalDataResult.Written => TypedResults.Empty,
            PersonalDataResult.SignInNeeded => ApiError.SignInNeeded,
            _ => ApiError.Unauthenticated,
        };

    private static async Task<IResult> EraseAsync(
        AccountErasure erasure, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        await erasure.RequestAsync(tenant.Required.Id, caller.Session.Id, caller.Facts, cancellationToken) switch
        {
            ErasureResult.Scheduled(var dueAt) => envelopes.Ok(new MeErasureResponse(
                "scheduled", "The account is closed. A mail says how to keep it until it is erased.", dueAt)),
            ErasureResult.LastAdministrator => new ApiError(
                409, "last_administrator", "Nobody else administers the tenant. Somebody must, before this account can go."),
            ErasureResult.SignInNeeded => ApiError.SignInNeeded,
            _ => ApiError.Unauthenticated,
        };

    private static MeResponse ToWire(PersonProfile person) => new(
        person.Id.ToString(),
        person.Email,
        person.EmailConfirmed,
        person.GivenName,
        person.FamilyName,
        person.Language,
        person.Role,
        person.CreatedAt,
        person.LastSignInAt);
}
