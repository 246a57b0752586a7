using static LoginPortal.Core.SignIn.SignInGuard;

namespace LoginPortal.Core.SignIn;

/// <summary>
/// The whole of signing in, on one page. Read a row as: "in this state, this step, once accepted, and if this holds, leads
/// there"; of several rows the first that holds counts. A refused step stays where it is. What has no row is refused.
/// </summary>
/// <remarks>
/// <code>
///             ┌── a passkey, before or after the address ──▶ EmailVerification, or Completed
///             │
///             │      ┌── another address ──┐
///             │      ▼                     │
///  start ──▶ Identify ──▶ Password ────────┴─┬──▶ EmailVerification ──▶ as after the password
///                                            ├──▶ SecondFactor ────────┐
///                                            ├──▶ PasswordChange ◀─────┤
///                                            │          │              │
///                                            ├──▶ SecondFactorEnrolment│
///                                            │          │              │
///                                            │     RecoveryCodes       │
///                                            │          ▼              │
///                                            └──▶ Completed ◀──────────┘
///
///  registration ──▶ RegistrationSent ──▶ as after the password
///
///  any state, 30 minutes after the start ──▶ expired
/// </code>
/// The second factor comes before a new password: whoever holds nothing but the password must not replace it. A passkey instead of the password
/// has checked who the person is: it is two factors in itself, and leaves the password as it is.
/// </remarks>
public static class SignInFlow
{
    /// <summary>How long a flow lives from its start.</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(30);

    /// <summary>Every way from one state to another.</summary>
    public static IReadOnlyList<SignInTransition> Transitions { get; } =
    [
        //  in                                  step                              if                      leads to
        new(SignInState.Identify,               SignInStep.Identify,              Always,                 SignInState.Password),
        new(SignInState.Identify,               SignInStep.VerifyPasskey,         EmailNotVerified,       SignInState.EmailVerification),
        new(SignInState.Identify,               SignInStep.VerifyPasskey,         Always,                 SignInState.Completed),

        new(SignInState.Password,               SignInStep.Identify,              Always,                 SignInState.Password),
        new(SignInState.Password,               SignInStep.VerifyPasskey,         EmailNotVerified,       SignInState.EmailVerification),
        new(SignInState.Password,               SignInStep.VerifyPasskey,         Always,                 SignInState.Completed),
        new(SignInState.Password,               SignInStep.VerifyPassword,        EmailNotVerified,       SignInState.EmailVerification),
        new(SignInState.Password,               SignInStep.VerifyPassword,        SecondFactorAsked,      SignInState.SecondFactor),
        new(SignInState.Password,               SignInStep.VerifyPassword,        PasswordMustChange,     SignInState.PasswordChange),
        new(SignInState.Password,               SignInStep.VerifyPassword,        SecondFactorOwed,       SignInState.SecondFactorEnrolment),
        new(SignInState.Password,               SignInStep.VerifyPassword,        SecondFactorAnnounced,  SignInState.SecondFactorEnrolment),
        new(SignInState.Password,               SignInStep.VerifyPassword,        Always,                 SignInState.Completed),

        new(SignInState.Password,               SignInStep.SendSignInCode,        Always,                 SignInState.Password),
        new(SignInState.Password,               SignInStep.VerifySignInCode,      SecondFactorAsked,      SignInState.SecondFactor),
        new(SignInState.Password,               SignInStep.VerifySignInCode,      PasswordMustChange,     SignInState.PasswordChange),
        new(SignInState.Password,               SignInStep.VerifySignInCode,      SecondFactorOwed,       SignInState.SecondFactorEnrolment),
        new(SignInState.Password,               SignInStep.VerifySignInCode,      SecondFactorAnnounced,  SignInState.SecondFactorEnrolment),
        new(SignInState.Password,               SignInStep.VerifySignInCode,      Always,                 SignInState.Completed),

        new(SignInState.EmailVerification,      SignInStep.SendVerification,      Always,                 SignInState.EmailVerification),
        new(SignInState.EmailVerification,      SignInStep.ContinueVerified,      SecondFactorAsked,      SignInState.SecondFactor),
        new(SignInState.EmailVerification,      SignInStep.ContinueVerified,      PasswordMustChange,     SignInState.PasswordChange),
        new(SignInState.EmailVerification,      SignInStep.ContinueVerified,      SecondFactorOwed,       SignInState.SecondFactorEnrolment),
        new(SignInState.EmailVerification,      SignInStep.ContinueVerified,      SecondFactorAnnounced,  SignInState.SecondFactorEnrolment),
        new(SignInState.EmailVerification,      SignInStep.ContinueVerified,      Always,                 SignInState.Completed),

        new(SignInState.RegistrationSent,       SignInStep.SendRegistrationMail,  Always,                 SignInState.RegistrationSent),
        new(SignInState.RegistrationSent,       SignInStep.ContinueRegistered,    SecondFactorAsked,      SignInState.SecondFactor),
        new(SignInState.RegistrationSent,       SignInStep.ContinueRegistered,    PasswordMustChange,     SignInState.PasswordChange),
        new(SignInState.RegistrationSent,       SignInStep.ContinueRegistered,    SecondFactorOwed,       SignInState.SecondFactorEnrolment),
        new(SignInState.RegistrationSent,       SignInStep.ContinueRegistered,    SecondFactorAnnounced,  SignInState.SecondFactorEnrolment),
        new(SignInState.RegistrationSent,       SignInStep.ContinueRegistered,    Always,                 SignInState.Completed),

        new(SignInState.SecondFactor,           SignInStep.VerifyPasskey,         PasswordMustChange,     SignInState.PasswordChange),
        new(SignInState.SecondFactor,           SignInStep.VerifyPasskey,         Always,                 SignInState.Completed),
        new(SignInState.SecondFactor,           SignInStep.VerifyTotp,            PasswordMustChange,     SignInState.PasswordChange),
        new(SignInState.SecondFactor,           SignInStep.VerifyTotp,            Always,                 SignInState.Completed),
        new(SignInState.SecondFactor,           SignInStep.SendEmailCode,         Always,                 SignInState.SecondFactor),
        new(SignInState.SecondFactor,           SignInStep.VerifyEmailCode,       PasswordMustChange,     SignInState.PasswordChange),
        new(SignInState.SecondFactor,           SignInStep.VerifyEmailCode,       Always,                 SignInState.Completed),
        new(SignInState.SecondFactor,           SignInStep.VerifyRecoveryCode,    PasswordMustChange,     SignInState.PasswordChange),
        new(SignInState.SecondFactor,           SignInStep.VerifyRecoveryCode,    Always,                 SignInState.Completed),

        new(SignInState.PasswordChange,         SignInStep.ChangePassword,        SecondFactorOwed,       SignInState.SecondFactorEnrolment),
        new(SignInState.PasswordChange,         SignInStep.ChangePassword,        SecondFactorAnnounced,  SignInState.SecondFactorEnrolment),
        new(SignInState.PasswordChange,         SignInStep.ChangePassword,        Always,                 SignInState.Completed),

        new(SignInState.SecondFactorEnrolment,  SignInStep.ConfirmTotp,           Always,                 SignInState.RecoveryCodes),
        new(SignInState.SecondFactorEnrolment,  SignInStep.RegisterPasskey,       Always,                 SignInState.RecoveryCodes),
        new(SignInState.SecondFactorEnrolment,  SignInStep.PostponeEnrolment,     SecondFactorOwed,       SignInState.SecondFactorEnrolment),
        new(SignInState.SecondFactorEnrolment,  SignInStep.PostponeEnrolment,     Always,                 SignInState.Completed),

        new(SignInState.RecoveryCodes,          SignInStep.ReplaceRecoveryCodes,  Always,                 SignInState.RecoveryCodes),
        new(SignInState.RecoveryCodes,          SignInStep.KeepRecoveryCodes,     Always,                 SignInState.Completed),
    ];

    /// <summary>Whether <paramref name="step"/> may be tried in <paramref name="state"/>.</summary>
    public static bool Offers(SignInState state, SignInStep step) =>
        Transitions.Any(transition => transition.From == state && transition.Step == step);

    /// <summary>Where an accepted step leads.</summary>
    /// <param name="state">The state it was tried in.</param>
    /// <param name="step">The step.</param>
    /// <param name="holds">Answers a guard; never asked about <see cref="Always"/>.</param>
    /// <exception cref="InvalidOperationException">The step is not offered there: ask <see cref="Offers"/> first.</exception>
    public static SignInState Next(SignInState state, SignInStep step, Func<SignInGuard, bool> holds)
    {
        ArgumentNullException.ThrowIfNull(holds);
        foreach (var transition in Transitions)
        {
            if (transition.From == state && transition.Step == step && (transition.If == Always || holds(transition.If)))
            {
                return transition.To;
            }
        }

        throw new InvalidOperationException($"{step} is not offered in {state}.");
    }
}

/// <summary>One row of <see cref="SignInFlow.Transitions"/>.</summary>
/// <param name="From">The state in which the step is offered.</param>
/// <param name="Step">The step, accepted.</param>
/// <param name="If">What must hold for the row to count.</param>
/// <param name="To">The state it leads to.</param>
public sealed record SignInTransition(SignInState From, SignInStep Step, SignInGuard If, SignInState To);
