using LoginPortal.Api.Http;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Passkeys;
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
        mfa.MapSystemAuthPasskeys();
        mfa.MapDelete("/{id}", RemoveAsync).Produces(StatusCodes.Status204NoContent).Says("Remove a second factor", 401, 403, 404, 409).RequireBearer();
    }

    private static async Task<IResult> ListAsync(
        AccountSecurity security, PasskeyAccount passkeys, TenantContext tenant, Caller caller, CancellationToken cancellationToken)
    {
        var (tenantId, sessionId) = (tenant.Required.Id, caller.Session.Id);
        var shown = await security.ShowAsync(tenantId, sessionId, cancellationToken);
        var listed = await passkeys.ShowAsync(tenantId, sessionId, cancellationToken);
        return shown is AccountSecurityResult.Overview overview && listed is PasskeyAccountResult.Passkeys(var items, _, _)
            ? TypedResults.Ok<IReadOnlyList<SystemFactor>>(
                [
                    .. overview.Authenticators.Select(app =>
                        new SystemFactor(app.Id.ToString(), SystemMfaMethod.Totp, app.Name, app.CreatedAt, app.LastUsedAt)),
                    .. items.Select(SystemAuthPasskeys.ToWire),
                ])
            : SecurityErrors.Of(shown);
    }

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

    private static async Task<IResult> RemoveAsync(
        string id,
        AccountSecurity security,
        PasskeyAccount passkeys,
        TenantContext tenant,
        Caller caller,
        CancellationToken cancellationToken)
    {
        if (Guid.TryParse(id, out var passkeyId)
            && await passkeys.ShowAsync(tenant.Required.Id, caller.Session.Id, cancellationToken) is PasskeyAccountResult.Passkeys(var items, _, _)
            && items.Any(item => item.Id == passkeyId))
        {
            var removed = await passkeys.RemoveAsync(tenant.Required.Id, caller.Session.Id, passkeyId, caller.Facts, cancellationToken);
            return removed is PasskeyAccountResult.Passkeys ? TypedResults.NoContent() : PasskeyRegistration.ErrorOf(removed);
        }

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
