using System.Text.Json;
using LoginPortal.Api.Http;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Contracts.TenantAuth;

/// <summary>Signing in with a passkey alone.</summary>
internal static class TenantAuthPasskeys
{
    public static void MapTenantAuthPasskeys(this IEndpointRouteBuilder tenant)
    {
        tenant.MapPost("/passkey/begin", BeginAsync).Answers<Envelope<PasskeyChallengeResponse>>().Says("Begin signing in with a passkey", 403, 404, 429);
        tenant.MapPost("/passkey/complete", CompleteAsync).Answers<Envelope<LoginResponse>>().Says("Sign in with a passkey", 401, 403, 404, 429);
    }

    public static PasskeyChallengeResponse ToWire(PasskeyOptions options) =>
        new(options.Ceremony, JsonElement.Parse(options.OptionsJson));

    private static async Task<IResult> BeginAsync(
        Body<PasskeyBeginRequest> body, TenantContext tenant, ApiSignIn signIn, Caller caller, Envelopes envelopes, CancellationToken cancellationToken) =>
        await signIn.BeginPasskeyAsync(
            tenant.Required.Id, TenantAuthContract.Contract.Name, body.Value.Email?.Trim(), caller.Facts, cancellationToken) is { } options
                ? envelopes.Ok(ToWire(options))
                : ApiError.MethodUnavailable;

    private static async Task<IResult> CompleteAsync(
        Body<PasskeyCompleteRequest> body, TenantContext tenant, ApiSignIn signIn, Caller caller, Envelopes envelopes, CancellationToken cancellationToken)
    {
        var answer = new PasskeyAnswer(body.Value.Credential?.GetRawText(), body.Value.ChallengeId);
        var outcome = await signIn.CompletePasskeyAsync(
            tenant.Required.Id, TenantAuthContract.Contract.Name, userId: null, answer, caller.Facts, cancellationToken);
        return TenantAuthMapper.ToLogin(outcome, tenant.Required) is { } login ? envelopes.Ok(login) : OutcomeErrors.OfPasskey(outcome);
    }
}
