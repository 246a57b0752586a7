using System.Globalization;
using LoginPortal.Api.Http;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Contracts.SystemAuth;

/// <summary>Turns what Core says into the contract's own shapes; decides nothing.</summary>
internal static class SystemAuthMapper
{
    public static ApiError ChallengeExpired { get; } = new(410, "challenge_expired", "This sign-in is over. Start again with the password.");

    public static ApiError AlreadyEnrolled { get; } = new(409, "already_enrolled", "An authenticator app has been set up already.");

    /// <summary>
    /// The contract has one code for a second factor that is wrong, whichever it is; the words say that it was a passkey. What is enrolled already
    /// has one as well.
    /// </summary>
    public static ApiError ToRefusal(ApiError error) =>
        error == ApiError.PasskeyRefused ? ApiError.InvalidCode with { Message = error.Message }
        : error == ApiError.PasskeyExists ? AlreadyEnrolled with { Message = error.Message }
        : error;

    /// <summary>The answer of <c>/v1/auth/login</c>; <see langword="null"/> for what is an error.</summary>
    public static SystemLoginResponse? ToLogin(ApiSignInOutcome outcome) => outcome switch
    {
        ApiSignInOutcome.SignedIn signedIn => new SystemLoginResponse
        {
            Token = signedIn.Tokens.Access.Text,
            ExpiresAt = signedIn.Tokens.Access.ExpiresAt,
        },
        ApiSignInOutcome.SecondFactorNeeded needed => new SystemLoginResponse
        {
            MfaRequired = true,
            ChallengeId = needed.Handle,
            Methods = [.. MethodsOf(needed)],
        },
        ApiSignInOutcome.EnrolmentNeeded owed => new SystemLoginResponse
        {
            EnrollmentRequired = true,
            Token = owed.Token.Text,
            ExpiresAt = owed.Token.ExpiresAt,
        },
        _ => null,
    };

    /// <summary>The refusal, with what the tenant's policy wants the person to know once the password was right.</summary>
    public static ApiError ToError(ApiSignInOutcome outcome, TenantProfile? tenant)
    {
        var error = OutcomeErrors.Of(outcome, ApiError.InvalidCredentials);
        return outcome is ApiSignInOutcome.AddressNotVerified && tenant?.Policy is { SecondFactor: SecondFactorRequirement.Required, SecondFactorRequiredFrom: { } from }
            ? error with { Notices = [string.Create(CultureInfo.InvariantCulture, $"From {from:yyyy-MM-dd} a second factor is required.")] }
            : error;
    }

    /// <summary>The step that a method's answer belongs to; <see langword="null"/> for one that is not available.</summary>
    public static StepInput? ToInput(SystemChallengeRequest request) => request.Method switch
    {
        "totp" => new StepInput.Totp(request.Code, TrustDevice: false),
        "recovery_code" => new StepInput.RecoveryCode(request.Code),
        "webauthn_passkey" or "webauthn_fido" => new StepInput.Passkey(
            PasskeyAnswer.OfCredential(request.Credential?.GetRawText()), Remember: false, TrustDevice: false),
        _ => null,
    };

    /// <summary>A passkey and a security key are asked in the same way, so whoever has either can use both names.</summary>
    private static IEnumerable<SystemMfaMethod> MethodsOf(ApiSignInOutcome.SecondFactorNeeded needed) => needed.Usable
        .SelectMany<SecondFactorMethod, SystemMfaMethod>(method => method switch
        {
            SecondFactorMethod.Totp => [SystemMfaMethod.Totp],
            SecondFactorMethod.Passkey => [SystemMfaMethod.WebauthnPasskey, SystemMfaMethod.WebauthnFido],
            _ => [],
        });
}
