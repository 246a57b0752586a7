using LoginPortal.Core.SignIn;

namespace LoginPortal.Api.Http;

/// <summary>The refusals of a sign-in that every contract knows by the same name.</summary>
internal static class OutcomeErrors
{
    /// <summary>The refusal where a passkey alone was given: in the same words whatever was wrong with it.</summary>
    public static ApiError OfPasskey(ApiSignInOutcome outcome) =>
        outcome is ApiSignInOutcome.Refused ? ApiError.PasskeyRefused : Of(outcome, ApiError.PasskeyRefused);

    /// <summary>The refusal for an outcome that is none of those that the contract answers itself.</summary>
    /// <param name="outcome">The outcome.</param>
    /// <param name="handleEnded">The contract's own word for a handle that does not work.</param>
    public static ApiError Of(ApiSignInOutcome outcome, ApiError handleEnded) => outcome switch
    {
        ApiSignInOutcome.Throttled(var retryAfter) => ApiError.TooManyAttempts(retryAfter),
        ApiSignInOutcome.AddressNotVerified => ApiError.AddressNotVerified,
        ApiSignInOutcome.PasswordChangeNeeded => ApiError.PasswordChangeRequired,
        ApiSignInOutcome.Refused({ } code) when code is RejectionCode.InvalidCredentials or RejectionCode.PasswordMissing => ApiError.InvalidCredentials,
        ApiSignInOutcome.Refused => ApiError.InvalidCode,
        _ => handleEnded,
    };
}
