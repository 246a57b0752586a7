using LoginPortal.Api.Http;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Totp;

namespace LoginPortal.Api.Contracts.UserPassport;

/// <summary>Turns what Core says into the contract's own shapes; decides nothing.</summary>
internal static class UserPassportMapper
{
    private const string Success = "Login was successful";

    public static ApiError TokenInvalid { get; } = new(401, "token_invalid", "The authentication token is incorrect or has expired");

    public static ApiError CodeMissing { get; } = new(401, "totp_missing", "The one-time password is missing");

    /// <summary>The answer of <c>/user/login</c>; <see langword="null"/> for what is an error.</summary>
    public static PassportLoginResponse? ToLogin(ApiSignInOutcome outcome) => outcome switch
    {
        ApiSignInOutcome.Ready(var handle) => new PassportLoginResponse(false, false, null, Success, handle),
        ApiSignInOutcome.SecondFactorNeeded needed => new PassportLoginResponse(true, true, null, Success, needed.Handle),
        ApiSignInOutcome.EnrolmentNeeded owed => new PassportLoginResponse(true, false, QrCode.Draw(owed.Enrolment.Uri), Success, owed.Handle),
        _ => null,
    };

    /// <summary>A one-time password of six digits, or else a recovery code.</summary>
    public static StepInput ToInput(string code) =>
        TotpCode.Normalize(code) is null ? new StepInput.RecoveryCode(code) : new StepInput.Totp(code, TrustDevice: false);
}
