using LoginPortal.Api.Http;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using LoginPortal.Core.Totp;
using Microsoft.AspNetCore.Http.HttpResults;

namespace LoginPortal.Api.Contracts.SystemAuth;

/// <summary>A person's own second factors.</summary>
internal static class SystemAuthFactors
{
    public static void MapSystemAuthFactors(this IEndpointRouteBuilder endpoints)
    {
        var mfa = endpoints.MapGroup("/v1/users/me/mfa").WithGroupName(SystemAuthContract.Contract.Name).WithTags(SystemAuthContract.Contract.Title);
        mfa.MapGet("", ListAsync).Answers<IReadOnlyList<SystemFactor>>().Says("The second factors", 401, 403).RequireBearer();
        mfa.MapPost("/totp", BeginTotpAsync).Answers<SystemTotpResponse>().Says("Start setting up an authenticator app", 401, 403, 409).RequireBearerOrEnrolment();
        mfa.MapPost("/totp/verify", VerifyTotpAsync).Answers<SystemTokenResponse>().Says("Finish setting up an authenticator app", 401, 403, 404, 429).RequireBearerOrEnrolment();
        mfa.MapPost("/webauthn", BeginWebauthn).Says("Start adding a passkey or security key", 401, 403).RequireBearer();
        mfa.MapPost("/webauthn/verify", VerifyWebauthn).Says("Finish adding a passkey or security key", 401, 403).RequireBearer();
        mfa.MapDelete("/{id}", RemoveAsync).Produces(StatusCodes.Status204NoContent).Says("Remove a second factor", 401, 403, 404).RequireBearer();
    }

    private static async Task<IResult> ListAsync(
        AccountSecurity security, TenantContext tenant, Caller caller, CancellationToken cancellationToken) =>
        await security.ShowAsync(tenant.Required.Id, caller.Session.Id, cancellationToken) is var result
        && result is AccountSecurityResult.Overview overview
            ? TypedResults.Ok<IReadOnlyList<SystemFactor>>([.. overview.Authenticators.Select(app =>
                new SystemFactor(app.Id.ToString(), SystemMfaMethod.Totp, app.Name, app.CreatedAt, app.LastUsedAt))])
            : SecurityErrors.Of(result);

    private static async Task<IResult> BeginTotpAsync(
        AccountSecurity security, ApiSignIn signIn, TenantContext tenant, Caller caller, CancellationToken cancellationToken)
    {
        if (caller.Bearer is { Session: null, Token: { } token })
        {
            return await signIn.ShowAsync(Reference(token), caller.Facts, cancellationToken) is ApiSignInOutcome.EnrolmentNeeded owed
                ? ToWire(owed.Enrolment)
                : SystemAuthMapper.ChallengeExpired;
        }

        if (await security.ShowAsync(tenant.Required.Id, caller.Session.Id, cancellationToken)
            is AccountSecurityResult.Overview { Authenticators.Count: > 0 })
        {
            return SystemAuthMapper.AlreadyEnrolled;
        }

        var result = await security.BeginTotpAsync(tenant.Required.Id, caller.Session.Id, cancellationToken);
        return result is AccountSecurityResult.Enrolling(var enrolment) ? ToWire(enrolment) : SecurityErrors.Of(result);
    }

    private static async Task<IResult> VerifyTotpAsync(
        Body<SystemTotpVerifyRequest> body,
        AccountSecurity security,
        ApiSignIn signIn,
        SessionTokens tokens,
        TenantContext tenant,
        Caller caller,
        CancellationToken cancellationToken)
    {
        var (id, code) = (body.Value.Id, body.Value.Code);
        if (caller.Bearer is { Session: null, Token: { } token })
        {
            if (await signIn.ShowAsync(Reference(token), caller.Facts, cancellationToken) is not ApiSignInOutcome.EnrolmentNeeded owed)
            {
                return SystemAuthMapper.ChallengeExpired;
            }

            if (!IsNamed(owed.Enrolment, id))
            {
                return ApiError.NotFound with { Message = "There is no such app." };
            }

            var outcome = await signIn.AdvanceAsync(
                Reference(token), new StepInput.TotpConfirmation(code, Name: null), caller.Facts, cancellationToken);
            return outcome is ApiSignInOutcome.SignedIn(_, var pair, _, var codes)
                ? TypedResults.Ok(new SystemTokenResponse(pair.Access.Text, pair.Access.ExpiresAt, codes))
                : OutcomeErrors.Of(outcome, SystemAuthMapper.ChallengeExpired);
        }

        var begun = await security.BeginTotpAsync(tenant.Required.Id, caller.Session.Id, cancellationToken);
        if (begun is not AccountSecurityResult.Enrolling(var pending))
        {
            return SecurityErrors.Of(begun);
        }

        if (!IsNamed(pending, id))
        {
            return ApiError.NotFound with { Message = "There is no such app." };
        }

        var result = await security.ConfirmTotpAsync(tenant.Required.Id, caller.Session.Id, code, name: null, caller.Facts, cancellationToken);
        if (result is not AccountSecurityResult.Overview overview)
        {
            return SecurityErrors.Of(result);
        }

        var next = await tokens.IssueAsync(tenant.Required.Id, caller.Session.Id, SystemAuthContract.Contract.Name, cancellationToken);
        return TypedResults.Ok(new SystemTokenResponse(next.Access.Text, next.Access.ExpiresAt, overview.RecoveryCodes));
    }

    private static ApiError BeginWebauthn(Body<SystemWebauthnRequest> body) => ApiError.MethodUnavailable;

    private static ApiError VerifyWebauthn(Body<SystemWebauthnVerifyRequest> body) => ApiError.MethodUnavailable;

    private static async Task<IResult> RemoveAsync(
        string id, AccountSecurity security, TenantContext tenant, Caller caller, CancellationToken cancellationToken)
    {
        var shown = await security.ShowAsync(tenant.Required.Id, caller.Session.Id, cancellationToken);
        if (shown is not AccountSecurityResult.Overview overview)
        {
            return SecurityErrors.Of(shown);
        }

        if (!Guid.TryParse(id, out var appId) || overview.Authenticators.All(app => app.Id != appId))
        {
            return ApiError.NotFound with { Message = "There is no such second factor." };
        }

        var result = await security.RemoveAuthenticatorAsync(tenant.Required.Id, caller.Session.Id, appId, caller.Facts, cancellationToken);
        return result is AccountSecurityResult.Overview ? TypedResults.NoContent() : SecurityErrors.Of(result);
    }

    private static bool IsNamed(TotpEnrolment enrolment, string? id) => Guid.TryParse(id, out var named) && named == enrolment.Id;

    private static Ok<SystemTotpResponse> ToWire(TotpEnrolment enrolment) =>
        TypedResults.Ok(new SystemTotpResponse(enrolment.Id.ToString(), enrolment.Secret, enrolment.Uri));

    private static HandleReference Reference(AccessTokenContent token) => new(token.Handle, SystemAuthContract.Contract.Name);
}
