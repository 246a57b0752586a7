using LoginPortal.Api.Http;
using LoginPortal.Api.OpenApi;
using LoginPortal.Core.EmailCodes;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.AspNetCore.Mvc;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>The second half of signing in.</summary>
internal static class TenantAuthSecondFactors
{
    private static readonly RequiredQueryAttribute Handle = new("mfa_token", "user_id");

    public static void MapTenantAuthSecondFactors(this IEndpointRouteBuilder tenant)
    {
        tenant.MapPost("/mfa/verify", VerifyAsync).Answers<Envelope<MFAChallengeResponse>>().Says("Verify Mfa", 401, 403, 404, 429);
        tenant.MapPost("/mfa/email/send", SendEmailAsync).Answers<Envelope<EmailSentResponse>>().Says("Send Email Mfa", 401, 403, 404, 429).WithMetadata(Handle);
        tenant.MapPost("/mfa/webauthn/begin", BeginWebauthnAsync).Answers<Envelope<PasskeyChallengeResponse>>().Says("Begin Webauthn Auth", 401, 403, 404, 429).WithMetadata(Handle);
    }

    private static async Task<IResult> VerifyAsync(
        Body<MFAChallengeRequest> body, TenantContext tenant, ApiSignIn signIn, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var request = body.Value;
        var reference = Reference(tenant, request.MfaToken, request.UserId);
        if (TenantAuthMapper.ToInput(request) is not { } input)
        {
            return ApiError.Malformed(FieldProblem.InBody("method", "enum", "Input should be 'totp', 'email', 'webauthn' or 'recovery_code'"));
        }

        if (input is StepInput.Passkey ? request.Credential is null : string.IsNullOrEmpty(request.Code))
        {
            return ApiError.Malformed(FieldProblem.Missing("body", input is StepInput.Passkey ? "credential" : "code"));
        }

        var outcome = await signIn.AdvanceAsync(reference, input, caller.Facts, cancellationToken);
        return TenantAuthMapper.ToChallenge(outcome, tenant.Required) is { } answer
            ? envelopes.Ok(answer)
            : OutcomeErrors.Of(outcome, TenantAuthMapper.TokenInvalid);
    }

    private static async Task<IResult> SendEmailAsync(
        [FromQuery(Name = "mfa_token")] string? mfaToken,
        [FromQuery(Name = "user_id")] string? userId,
        TenantContext tenant,
        ApiSignIn signIn,
        Caller caller,
        Envelopes envelopes,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (MissingIn(mfaToken, userId) is { } missing)
        {
            return missing;
        }

        var reference = Reference(tenant, mfaToken, userId);
        if (await signIn.ShowAsync(reference, caller.Facts, cancellationToken) is not ApiSignInOutcome.SecondFactorNeeded needed)
        {
            return TenantAuthMapper.TokenInvalid;
        }

        if (!needed.Usable.Contains(SecondFactorMethod.EmailCode))
        {
            return ApiError.MethodUnavailable;
        }

        return await signIn.AdvanceAsync(reference, new StepInput.EmailCodeRequest(), caller.Facts, cancellationToken) switch
        {
            ApiSignInOutcome.SecondFactorNeeded => envelopes.Ok(new EmailSentResponse(Sent: true, (int)EmailCode.Lifetime.TotalSeconds)),
            ApiSignInOutcome.Refused(RejectionCode.EmailCodeTooSoon) => ApiError.TooManyAttempts(
                needed.EmailCodeSentAt is { } sent ? sent + EmailCode.ResendDelay - time.GetUtcNow() : EmailCode.ResendDelay),
            var outcome => OutcomeErrors.Of(outcome, TenantAuthMapper.TokenInvalid),
        };
    }

    private static async Task<IResult> BeginWebauthnAsync(
        [FromQuery(Name = "mfa_token")] string? mfaToken,
        [FromQuery(Name = "user_id")] string? userId,
        TenantContext tenant,
        ApiSignIn signIn,
        Caller caller,
        Envelopes envelopes,
        CancellationToken cancellationToken)
    {
        if (MissingIn(mfaToken, userId) is { } missing)
        {
            return missing;
        }

        var reference = Reference(tenant, mfaToken, userId);
        if (await signIn.ShowAsync(reference, caller.Facts, cancellationToken) is not ApiSignInOutcome.SecondFactorNeeded needed)
        {
            return TenantAuthMapper.TokenInvalid;
        }

        return needed.Usable.Contains(SecondFactorMethod.Passkey)
            && await signIn.BeginPasskeyAsync(reference, cancellationToken) is { } options
                ? envelopes.Ok(TenantAuthPasskeys.ToWire(options))
                : ApiError.MethodUnavailable;
    }

    private static HandleReference Reference(TenantContext tenant, string? mfaToken, string? userId) =>
        new(mfaToken, TenantAuthContract.Contract.Name, tenant.Required.Id, string.IsNullOrEmpty(userId) ? null : userId);

    private static ApiError? MissingIn(string? mfaToken, string? userId)
    {
        List<FieldProblem> missing = [];
        if (string.IsNullOrEmpty(mfaToken))
        {
            missing.Add(FieldProblem.Missing("query", "mfa_token"));
        }

        if (string.IsNullOrEmpty(userId))
        {
            missing.Add(FieldProblem.Missing("query", "user_id"));
        }

        return missing.Count == 0 ? null : ApiError.Malformed(missing);
    }
}
