using LoginPortal.Core.Passwords;

namespace LoginPortal.Core.SignIn;

/// <summary>
/// What became of a step. A closed family: pages and contracts switch over it. Expected failure is one of these values; an
/// exception is a bug.
/// </summary>
public abstract record SignInOutcome
{
    private SignInOutcome()
    {
    }

    /// <summary>The step was accepted; the flow goes on.</summary>
    /// <param name="Flow">Where it stands now.</param>
    public sealed record Continue(SignInView Flow) : SignInOutcome;

    /// <summary>The step was refused; the flow stays where it was.</summary>
    /// <param name="Flow">Where it stands, with the reason in <see cref="SignInView.Rejection"/>.</param>
    /// <param name="Problems">What is wrong with a new password; empty for every other step.</param>
    public sealed record Rejected(SignInView Flow, IReadOnlyList<PasswordProblem> Problems) : SignInOutcome;

    /// <summary>The step was not tried: too many wrong guesses, or too much work at once.</summary>
    /// <param name="Flow">Where it stands.</param>
    /// <param name="RetryAfter">How long to wait.</param>
    public sealed record Throttled(SignInView Flow, TimeSpan RetryAfter) : SignInOutcome;

    /// <summary>
    /// There is no such flow any more: too old, completed, of another browser, of another tenant, or never there. These are
    /// one answer, so that an identifier tells nothing.
    /// </summary>
    /// <param name="Identifier">The address to start over with, where the flow was this browser's own.</param>
    public sealed record Expired(string? Identifier) : SignInOutcome;

    /// <summary>The person is signed in.</summary>
    /// <param name="SessionId">The session.</param>
    /// <param name="HandoffTicket">The ticket that its cookie is fetched with.</param>
    /// <param name="ReturnUrl">Where the person was going; <see langword="null"/> for the tenant's start page.</param>
    public sealed record Completed(Guid SessionId, string HandoffTicket, string? ReturnUrl) : SignInOutcome;
}

/// <summary>What may be shown of a flow to whoever holds it.</summary>
/// <param name="FlowId">Its identifier, worth nothing without the browser's binding cookie.</param>
/// <param name="State">Where it stands.</param>
/// <param name="Identifier">The address that was typed.</param>
/// <param name="Rejection">Why the last step was refused; <see langword="null"/> if it was not.</param>
/// <param name="RetryAt">When the next try is accepted, UTC; <see langword="null"/> if now.</param>
/// <param name="ReturnUrl">Where the person was going.</param>
public sealed record SignInView(
    Guid FlowId,
    SignInState State,
    string? Identifier,
    RejectionCode? Rejection,
    DateTimeOffset? RetryAt,
    string? ReturnUrl)
{
    /// <summary>Whether the person wants the session to outlive the browser.</summary>
    public bool Remember { get; init; }

    /// <summary>Which step was refused; <see langword="null"/> if none was.</summary>
    public SignInStep? RejectedStep { get; init; }

    /// <summary>In <see cref="SignInState.SecondFactor"/>: what the person can use, the strongest first.</summary>
    public IReadOnlyList<SecondFactorMethod> SecondFactors { get; init; } = [];

    /// <summary>In <see cref="SignInState.SecondFactor"/>: what to offer first, the one last used or else the strongest.</summary>
    public SecondFactorMethod? PreferredSecondFactor { get; init; }

    /// <summary>
    /// In <see cref="SignInState.SecondFactor"/>, and in <see cref="SignInState.Password"/> where a code can stand for the password: when the
    /// present e-mailed code was asked for, UTC; <see langword="null"/> if none was.
    /// </summary>
    public DateTimeOffset? EmailCodeSentAt { get; init; }

    /// <summary>
    /// In <see cref="SignInState.EmailVerification"/>: when the link that works was mailed, UTC; <see langword="null"/> if there is none.
    /// In <see cref="SignInState.RegistrationSent"/>: when a mail was last asked for.
    /// </summary>
    public DateTimeOffset? VerificationSentAt { get; init; }

    /// <summary>
    /// In <see cref="SignInState.EmailVerification"/> and <see cref="SignInState.RegistrationSent"/>: whether the address has been confirmed
    /// meanwhile, so that the sign-in can go on.
    /// </summary>
    public bool IsAddressVerified { get; init; }

    /// <summary>In <see cref="SignInState.SecondFactorEnrolment"/>: what to set up an app with.</summary>
    public Totp.TotpEnrolment? Enrolment { get; init; }

    /// <summary>In <see cref="SignInState.SecondFactorEnrolment"/>: until when it may be postponed, UTC; <see langword="null"/> if it may not.</summary>
    public DateTimeOffset? PostponableUntil { get; init; }

    /// <summary>In <see cref="SignInState.RecoveryCodes"/>: the codes, in the one answer that shows them.</summary>
    public IReadOnlyList<string>? RecoveryCodes { get; init; }
}

/// <summary>Why a step was refused. Stored by number: a number never changes its meaning.</summary>
public enum RejectionCode
{
    /// <summary>What was typed cannot be an e-mail address.</summary>
    AddressMalformed = 1,

    /// <summary>Nothing was typed.</summary>
    PasswordMissing = 2,

    /// <summary>
    /// Address and password do not belong together. Unknown, disabled and ended accounts and those of other tenants give
    /// the same answer.
    /// </summary>
    InvalidCredentials = 3,

    /// <summary>Too many wrong guesses: the next one is accepted later.</summary>
    TooManyAttempts = 4,

    /// <summary>The portal has more to do than it can: the same try works in a moment.</summary>
    Busy = 5,

    /// <summary>The new password breaks a rule.</summary>
    PasswordNotAllowed = 6,

    /// <summary>The new password is the present one.</summary>
    PasswordUnchanged = 7,

    /// <summary>The code is wrong, too old, or has been used.</summary>
    InvalidCode = 8,

    /// <summary>Nothing was typed where a code belongs.</summary>
    CodeMissing = 9,

    /// <summary>The recovery code is wrong or has been used.</summary>
    InvalidRecoveryCode = 10,

    /// <summary>A code by e-mail was asked for again too soon.</summary>
    EmailCodeTooSoon = 11,

    /// <summary>The e-mailed code is too old or was tried too often: a new one is needed.</summary>
    EmailCodeEnded = 12,

    /// <summary>The passkey was not accepted.</summary>
    PasskeyNotAccepted = 13,

    /// <summary>No tenant of the portal knows this passkey: it was removed, and the browser may forget it.</summary>
    PasskeyUnknown = 14,

    /// <summary>The challenge is too old, has been answered before, or belongs to another sign-in.</summary>
    PasskeyCeremonyEnded = 15,

    /// <summary>The passkey's counter went back: there may be a copy of it.</summary>
    PasskeyCounterRegressed = 16,

    /// <summary>The person has added this passkey before.</summary>
    PasskeyAlreadyRegistered = 17,

    /// <summary>The authenticator did not check who the person is, and there is no other factor.</summary>
    PasskeyNotVerified = 18,

    /// <summary>A mail was asked for again too soon.</summary>
    MailTooSoon = 20,

    /// <summary>As many mails as there may be in an hour have been sent.</summary>
    TooManyMails = 21,

    /// <summary>The address has not been confirmed yet.</summary>
    AddressNotVerified = 22,

    /// <summary>The code was right, but has been used. Pages say the same as for a wrong one.</summary>
    CodeUsed = 40,
}
