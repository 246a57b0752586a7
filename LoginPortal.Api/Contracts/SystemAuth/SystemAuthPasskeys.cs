using System.Text.Json;
using LoginPortal.Api.Http;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;

namespace LoginPortal.Api.Contracts.SystemAuth;

/// <summary>Adding a passkey or a security key.</summary>
internal static class SystemAuthPasskeys
{
    public static void MapSystemAuthPasskeys(this IEndpointRouteBuilder mfa)
    {
        mfa.MapPost("/webauthn", BeginAsync).Answers<SystemWebauthnResponse>().Says("Start adding a passkey or security key", 401, 403, 410).RequireBearerOrEnrolment();
        mfa.MapPost("/webauthn/verify", VerifyAsync).Answers<SystemTokenResponse>().Says("Finish adding a passkey or security key", 401, 403, 409, 410, 429).RequireBearerOrEnrolment();
    }

    public static SystemFactor ToWire(PasskeySummary passkey) => new(
        passkey.Id.ToString(),
        passkey.SignsInAlone ? SystemMfaMethod.WebauthnPasskey : SystemMfaMethod.WebauthnFido,
        passkey.Name,
        passkey.CreatedAt,
        passkey.LastUsedAt);

    private static async Task<IResult> BeginAsync(
        Body<SystemWebauthnRequest> body, PasskeyRegistration registration, CancellationToken cancellationToken)
    {
        if (KindOf(body.Value.Type) is not { } kind)
        {
            return ApiError.Malformed(FieldProblem.InBody("type", "enum", "The type must be webauthn_passkey or webauthn_fido."));
        }

        var (options, error) = await registration.BeginAsync(
            SystemAuthContract.Contract.Name, kind, SystemAuthMapper.ChallengeExpired, cancellationToken);
        return options is null
            ? error!
            : TypedResults.Ok(new SystemWebauthnResponse(options.Ceremony, JsonElement.Parse(options.OptionsJson)));
    }

    private static async Task<IResult> VerifyAsync(
        Body<SystemWebauthnVerifyRequest> body,
        PasskeyRegistration registration,
        SessionTokens tokens,
        TenantContext tenant,
        Caller caller,
        CancellationToken cancellationToken)
    {
        var answer = new PasskeyAnswer(body.Value.Credential?.GetRawText(), body.Value.Id) { Name = body.Value.Name };
        var (added, error) = await registration.CompleteAsync(
            SystemAuthContract.Contract.Name, answer, SystemAuthMapper.ChallengeExpired, cancellationToken);
        if (added is null)
        {
            return SystemAuthMapper.ToRefusal(error!);
        }

        var next = added.Tokens
            ?? await tokens.IssueAsync(tenant.Required.Id, caller.Session.Id, SystemAuthContract.Contract.Name, cancellationToken);
        return TypedResults.Ok(new SystemTokenResponse(next.Access.Text, next.Access.ExpiresAt, added.RecoveryCodes));
    }

    private static PasskeyKind? KindOf(string? type) => type switch
    {
        "webauthn_passkey" => PasskeyKind.Discoverable,
        "webauthn_fido" => PasskeyKind.SecurityKey,
        _ => null,
    };
}
