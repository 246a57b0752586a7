using LoginPortal.Core.Accounts;

namespace LoginPortal.Api.Http;

/// <summary>The refusals of a wish about one's own second factors.</summary>
internal static class SecurityErrors
{
    public static ApiError Of(AccountSecurityResult result) => result switch
    {
        AccountSecurityResult.InvalidCode => ApiError.InvalidCode,
        AccountSecurityResult.Throttled(var retryAfter) => ApiError.TooManyAttempts(retryAfter),
        AccountSecurityResult.SignInNeeded => ApiError.SignInNeeded,
        _ => ApiError.Unauthenticated,
    };
}
