using LoginPortal.Api.Http;
using LoginPortal.Api.OpenApi;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Registration;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using Microsoft.Extensions.Options;
using FieldProblem = LoginPortal.Api.Http.FieldProblem;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>The TenantAuth contract: the tenant stands in the path, answers come in an envelope.</summary>
internal static class TenantAuthEndpoints
{
    public static IEndpointRouteBuilder MapTenantAuth(this IEndpointRouteBuilder endpoints)
    {
        var tenant = endpoints.MapGroup("/api/v1/auth/tenants/{tenant_slug}")
            .WithGroupName(TenantAuthContract.Contract.Name)
            .WithTags(TenantAuthContract.Contract.Title)
            .AddEndpointFilter<TenantFilter>()
            .AddEndpointFilter<BodyFilter>();
        tenant.MapPost("/login", LoginAsync).Answers<Envelope<LoginResponse>>().Says("Login", 401, 403, 404, 429);
        tenant.MapPost("/forgot-password", ForgotPasswordAsync).Answers<Envelope<StatusResponse>>().Says("Forgot Password", 404, 429);
        tenant.MapPost("/password/forgot", ForgotPasswordAsync).Answers<Envelope<StatusResponse>>().Says("Forgot Password", 404, 429);
        tenant.MapPost("/password/reset", ResetPasswordAsync).Answers<Envelope<StatusResponse>>().Says("Reset Password", 400, 404, 429);
        tenant.MapGet("/verify-email", VerifyEmailAsync).Answers<Envelope<StatusResponse>>().Says("Verify Email", 400, 404).WithMetadata(new RequiredQueryAttribute("token"));
        tenant.MapPost("/token/refresh", RefreshAsync).Answers<Envelope<TokenResponse>>().Says("Exchange a refresh token", 401, 404)
            .WithMetadata(new NamesTenantAttribute());
        tenant.MapPost("/logout", LogoutAsync).Answers<Envelope<StatusResponse>>().Says("End the session", 401, 404).RequireBearer();
        tenant.MapGet("/branding", GetBranding).Answers<Envelope<BrandingResponse>>().Says("Look and words of the tenant", 404);
        tenant.MapTenantAuthRegistration();
        tenant.MapTenantAuthPasskeys();
        tenant.MapTenantAuthSecondFactors();
        return endpoints;
    }

    /// <summary>Gives an endpoint its summary and its refusals.</summary>
    public static RouteHandlerBuilder Says(this RouteHandlerBuilder endpoint, string summary, params IEnumerable<int> statuses) => endpoint
        .WithSummary(summary)
        .Refuses<ErrorEnvelope>(statuses)
        .Refuses<HTTPValidationError>(StatusCodes.Status422UnprocessableEntity);

    private static async Task<IResult> LoginAsync(
        Body<LoginRequest> body, TenantContext tenant, ApiSignIn signIn, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var request = body.Value;
        var outcome = await signIn.SignInAsync(
            tenant.Required.Id,
            TenantAuthContract.Contract.Name,
            request.Email!.Trim(),
            new StepInput.Password(request.Password, request.RememberMe, request.TrustedDeviceToken),
            fetchesLater: false,
            caller.Facts,
            cancellationToken);
        return TenantAuthMapper.ToLogin(outcome, tenant.Required) is { } answer
            ? envelopes.Ok(answer)
            : OutcomeErrors.Of(outcome, ApiError.InvalidCredentials);
    }

    private static async Task<IResult> ForgotPasswordAsync(
        Body<ForgotPasswordRequest> body,
        TenantContext tenant,
        PasswordRecovery recovery,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken)
    {
        if (TenantAuthMapper.CheckRedirect(body.Value.RedirectUri, tenant.Required) is { } problem)
        {
            return ApiError.Malformed(problem);
        }

        return await recovery.RequestAsync(tenant.Required.Id, body.Value.Email, caller.Facts, cancellationToken)
            is PasswordResetRequestResult.Throttled(var wait)
                ? ApiError.TooManyAttempts(wait)
                : envelopes.Ok(new StatusResponse("accepted", "If there is such an account, a mail with a link is on its way."));
    }

    private static async Task<IResult> ResetPasswordAsync(
        Body<ResetPasswordRequest> body,
        TenantContext tenant,
        PasswordRecovery recovery,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken) =>
        await recovery.ResetAsync(tenant.Required.Id, body.Value.Token, body.Value.NewPassword, caller.Facts, cancellationToken) switch
        {
            PasswordResetResult.Done => envelopes.Ok(new StatusResponse("success", "The password has been changed.")),
            PasswordResetResult.NotAllowed(var problems) => TenantAuthMapper.PasswordNotAllowed(problems),
            PasswordResetResult.Unchanged => TenantAuthMapper.PasswordUnchanged,
            PasswordResetResult.Busy => ApiError.TooManyAttempts(SignInRunner.BusyDelay),
            _ => TenantAuthMapper.LinkInvalid,
        };

    private static async Task<IResult> VerifyEmailAsync(
        string? token,
        TenantContext tenant,
        AddressVerification verification,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken)
    {
        if (string.IsNullOrEmpty(token))
        {
            return ApiError.Malformed(FieldProblem.Missing("query", "token"));
        }

        return await verification.ConfirmAsync(tenant.Required.Id, token, caller.Facts, cancellationToken)
            || await verification.WasConfirmedByAsync(tenant.Required.Id, token, cancellationToken)
                ? envelopes.Ok(new StatusResponse("verified", "The e-mail address has been verified."))
                : TenantAuthMapper.LinkInvalid;
    }

    private static async Task<IResult> RefreshAsync(
        HttpContext http,
        Body<RefreshRequest> body,
        SessionTokens tokens,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken) =>
        await tokens.RefreshAsync(
            new PresentedRefreshToken(body.Value.RefreshToken, TenantAuthContract.Contract.Name) { TenantSlug = TenantFilter.SlugOf(http) }, caller.Facts, cancellationToken) is { } pair
                ? envelopes.Ok(TenantAuthMapper.ToTokens(pair))
                : ApiError.RefreshTokenInvalid;

    private static async Task<IResult> LogoutAsync(
        SessionService sessions, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        await sessions.EndAsync(caller.Session.Id, SessionEndReason.SignedOut, caller.Facts, cancellationToken);
        return envelopes.Ok(new StatusResponse("success", "Signed out."));
    }

    /// <summary>What a client needs to draw its own sign-in screens. Public.</summary>
    private static IResult GetBranding(
        TenantContext tenant, AccountRegistration registration, Envelopes envelopes, IOptions<PortalOptions> options) =>
        envelopes.Ok(TenantAuthMapper.ToBranding(tenant.Required, options.Value.PublicOrigin!, registration.CreateChallenge(tenant.Required)));
}
