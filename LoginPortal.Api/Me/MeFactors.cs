using LoginPortal.Api.Contracts.TenantAuth;
using LoginPortal.Api.Http;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using LoginPortal.Core.Totp;

namespace LoginPortal.Api.Me;

/// <summary>The signed-in person's second factors and trusted devices.</summary>
internal static class MeFactors
{
    public static void MapMeFactors(this IEndpointRouteBuilder me)
    {
        me.MapGet("/mfa", ShowAsync).Answers<Envelope<MfaResponse>>().Says("The second factors", 401, 403).RequireBearer();
        me.MapPost("/mfa/totp/enable", EnableAsync).Answers<Envelope<TotpEnableResponse>>().Says("Start setting up an app", 401, 403).RequireBearerOrEnrolment();
        me.MapPost("/mfa/totp/confirm", ConfirmAsync).Answers<Envelope<RecoveryCodesResponse>>().Says("Finish setting up an app", 401, 403, 429).RequireBearerOrEnrolment();
        me.MapDelete("/mfa/totp", RemoveAsync).Answers<Envelope<StatusResponse>>().Says("Remove every app", 401, 403).RequireBearer();
        me.MapPost("/mfa/recovery-codes/regenerate", RegenerateAsync).Answers<Envelope<RecoveryCodesResponse>>().Says("New recovery codes", 401, 403).RequireBearer();
        me.MapGet("/devices", ListDevicesAsync).Answers<Envelope<IReadOnlyList<DeviceResponse>>>().Says("The trusted devices", 401, 403).RequireBearer();
        me.MapDelete("/devices/{id}", RemoveDeviceAsync).Answers<Envelope<StatusResponse>>().Says("Trust a device no longer", 401, 403, 404).RequireBearer();
    }

    private static async Task<IResult> ShowAsync(
        AccountSecurity security, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        await security.ShowAsync(tenant.Required.Id, caller.Session.Id, cancellationToken) is var result
        && result is AccountSecurityResult.Overview overview
            ? envelopes.Ok(new MfaResponse(
                [.. overview.Authenticators.Select(app => new AuthenticatorResponse(app.Id.ToString(), app.Name, app.CreatedAt, app.LastUsedAt))],
                overview.RecoveryCodesLeft))
            : SecurityErrors.Of(result);

    private static async Task<IResult> EnableAsync(
        AccountSecurity security, ApiSignIn signIn, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        if (caller.Bearer is { Session: null, Token: { } token })
        {
            return await signIn.ShowAsync(Reference(token), caller.Facts, cancellationToken) is ApiSignInOutcome.EnrolmentNeeded owed
                ? envelopes.Ok(ToWire(owed.Enrolment))
                : ApiError.Unauthenticated;
        }

        var result = await security.BeginTotpAsync(tenant.Required.Id, caller.Session.Id, cancellationToken);
        return result is AccountSecurityResult.Enrolling(var enrolment) ? envelopes.Ok(ToWire(enrolment)) : SecurityErrors.Of(result);
    }

    private static async Task<IResult> ConfirmAsync(
        Body<TotpConfirmRequest> body,
        AccountSecurity security,
        ApiSignIn signIn,
        TenantContext tenant,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken)
    {
        if (caller.Bearer is { Session: null, Token: { } token })
        {
            var outcome = await signIn.AdvanceAsync(
                Reference(token), new StepInput.TotpConfirmation(body.Value.Code, Name: null), caller.Facts, cancellationToken);
            return outcome is ApiSignInOutcome.SignedIn(_, var pair, _, var codes)
                ? envelopes.Ok(new RecoveryCodesResponse(codes, pair.Access.Text, "Bearer", pair.Access.ExpiresIn, pair.RefreshToken))
                : OutcomeErrors.Of(outcome, ApiError.Unauthenticated);
        }

        var result = await security.ConfirmTotpAsync(
            tenant.Required.Id, caller.Session.Id, body.Value.Code, name: null, caller.Facts, cancellationToken);
        return result is AccountSecurityResult.Overview overview
            ? envelopes.Ok(new RecoveryCodesResponse(overview.RecoveryCodes))
            : SecurityErrors.Of(result);
    }

    private static async Task<IResult> RemoveAsync(
        AccountSecurity security, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var result = await security.ShowAsync(tenant.Required.Id, caller.Session.Id, cancellationToken);
        foreach (var app in result is AccountSecurityResult.Overview { Authenticators: var apps } ? apps : [])
        {
            result = await security.RemoveAuthenticatorAsync(tenant.Required.Id, caller.Session.Id, app.Id, caller.Facts, cancellationToken);
            if (result is not AccountSecurityResult.Overview)
            {
                break;
            }
        }

        return result is AccountSecurityResult.Overview
            ? envelopes.Ok(new StatusResponse("success", "There is no authenticator app any more."))
            : SecurityErrors.Of(result);
    }

    private static async Task<IResult> RegenerateAsync(
        AccountSecurity security, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        await security.ReplaceRecoveryCodesAsync(tenant.Required.Id, caller.Session.Id, caller.Facts, cancellationToken) is var result
        && result is AccountSecurityResult.Overview overview
            ? envelopes.Ok(new RecoveryCodesResponse(overview.RecoveryCodes))
            : SecurityErrors.Of(result);

    private static async Task<IResult> ListDevicesAsync(
        AccountSecurity security, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        await security.ShowAsync(tenant.Required.Id, caller.Session.Id, cancellationToken) is var result
        && result is AccountSecurityResult.Overview overview
            ? envelopes.Ok<IReadOnlyList<DeviceResponse>>([.. overview.TrustedDevices.Select(device => new DeviceResponse(
                device.Id.ToString(), device.DeviceLabel, device.CreatedAt, device.LastUsedAt, device.ExpiresAt))])
            : SecurityErrors.Of(result);

    private static async Task<IResult> RemoveDeviceAsync(
        string id, AccountSecurity security, TenantContext tenant, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var shown = await security.ShowAsync(tenant.Required.Id, caller.Session.Id, cancellationToken);
        if (shown is not AccountSecurityResult.Overview overview)
        {
            return SecurityErrors.Of(shown);
        }

        if (!Guid.TryParse(id, out var deviceId) || overview.TrustedDevices.All(device => device.Id != deviceId))
        {
            return ApiError.NotFound with { Message = "There is no such device." };
        }

        await security.RemoveTrustedDeviceAsync(tenant.Required.Id, caller.Session.Id, deviceId, caller.Facts, cancellationToken);
        return envelopes.Ok(new StatusResponse("success", "The device is trusted no longer."));
    }

    /// <summary>A sign-in that owes its second factor goes on in the contract that it began in.</summary>
    private static HandleReference Reference(AccessTokenContent token) => new(token.Handle, token.Contract);

    private static TotpEnableResponse ToWire(TotpEnrolment enrolment) => new(enrolment.Secret, enrolment.Uri, QrCode.Draw(enrolment.Uri));
}
