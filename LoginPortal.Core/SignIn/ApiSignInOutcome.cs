using LoginPortal.Core.Tokens;
using LoginPortal.Core.Totp;
using LoginPortal.Core.TrustedDevices;

namespace LoginPortal.Core.SignIn;

/// <summary>What became of a call of a client without a browser. A closed family: each contract maps it to its own JSON.</summary>
public abstract record ApiSignInOutcome
{
    private ApiSignInOutcome()
    {
    }

    /// <summary>The person is signed in.</summary>
    /// <param name="TenantId">The tenant.</param>
    /// <param name="Tokens">What the client holds from now on.</param>
    /// <param name="TrustedDevice">The trust that the client was given, if the person wanted it.</param>
    /// <param name="RecoveryCodes">New recovery codes, if a second factor was set up on the way.</param>
    public sealed record SignedIn(
        Guid TenantId, TokenPair Tokens, NewTrustedDevice? TrustedDevice, IReadOnlyList<string>? RecoveryCodes) : ApiSignInOutcome;

    /// <summary>Nothing more is owed, but this contract fetches its tokens with a second call.</summary>
    /// <param name="Handle">The handle to fetch them with.</param>
    public sealed record Ready(string Handle) : ApiSignInOutcome;

    /// <summary>The password was right; the second factor is still to come.</summary>
    /// <param name="TenantId">The tenant.</param>
    /// <param name="UserId">The person.</param>
    /// <param name="Handle">The handle to go on with.</param>
    /// <param name="ExpiresAt">When the handle stops working, UTC.</param>
    /// <param name="Usable">What the person can use, the strongest first.</param>
    /// <param name="Preferred">What they used last, or else the strongest.</param>
    /// <param name="EmailCodeSentAt">When a code was mailed in this sign-in, UTC.</param>
    public sealed record SecondFactorNeeded(
        Guid TenantId,
        Guid UserId,
        string Handle,
        DateTimeOffset ExpiresAt,
        IReadOnlyList<SecondFactorMethod> Usable,
        SecondFactorMethod? Preferred,
        DateTimeOffset? EmailCodeSentAt) : ApiSignInOutcome;

    /// <summary>The password was right; the person must set up a second factor first.</summary>
    /// <param name="TenantId">The tenant.</param>
    /// <param name="UserId">The person.</param>
    /// <param name="Handle">The handle to go on with.</param>
    /// <param name="Token">A token that opens nothing but that.</param>
    /// <param name="Enrolment">What to set up an app with.</param>
    public sealed record EnrolmentNeeded(
        Guid TenantId, Guid UserId, string Handle, AccessToken Token, TotpEnrolment Enrolment) : ApiSignInOutcome;

    /// <summary>The password was right, but the address has not been verified; a mail is on its way.</summary>
    /// <param name="TenantId">The tenant.</param>
    public sealed record AddressNotVerified(Guid TenantId) : ApiSignInOutcome;

    /// <summary>The person is known, but must replace their password first, by the link of a forgotten one.</summary>
    public sealed record PasswordChangeNeeded : ApiSignInOutcome;

    /// <summary>What was given is wrong.</summary>
    /// <param name="Code">Why.</param>
    public sealed record Refused(RejectionCode Code) : ApiSignInOutcome;

    /// <summary>It was not tried: too many wrong guesses, or too much work at once.</summary>
    /// <param name="RetryAfter">How long to wait.</param>
    public sealed record Throttled(TimeSpan RetryAfter) : ApiSignInOutcome;

    /// <summary>The handle is unknown, spent, expired, tried too often, or of another tenant or contract.</summary>
    public sealed record HandleEnded : ApiSignInOutcome;
}

/// <summary>The handle that a request gives, and what it says beside it.</summary>
/// <param name="Handle">The handle.</param>
/// <param name="Contract">The contract it is given in.</param>
/// <param name="TenantId">The tenant that the request names; <see langword="null"/> where the handle alone says it.</param>
/// <param name="UserId">The person that the request names: checked, never trusted.</param>
public sealed record HandleReference(string? Handle, string Contract, Guid? TenantId = null, string? UserId = null)
{
    /// <summary>Without the handle: records print themselves into logs.</summary>
    public override string ToString() => $"{nameof(HandleReference)} in {Contract}";
}
