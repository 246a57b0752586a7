namespace LoginPortal.Core.SignIn;

/// <summary>Where a sign-in stands. Stored by number: a number never changes its meaning.</summary>
public enum SignInState
{
    /// <summary>Nobody has said yet who they are.</summary>
    Identify = 0,

    /// <summary>Somebody has said who they are and must prove it with their password.</summary>
    Password = 1,

    /// <summary>The password was right, but the address has not been verified: the person must follow the link in their mail.</summary>
    EmailVerification = 2,

    /// <summary>The person is known, but their password must be replaced before anything else.</summary>
    PasswordChange = 3,

    /// <summary>The person is known and must, or for a while may, set up a second factor.</summary>
    SecondFactorEnrolment = 4,

    /// <summary>The person is signed in.</summary>
    Completed = 5,

    /// <summary>The password was right; the second factor is still to come.</summary>
    SecondFactor = 6,

    /// <summary>A second factor has been set up; the person is looking at their recovery codes.</summary>
    RecoveryCodes = 7,

    /// <summary>Somebody has asked for an account, and a mail is on its way to the address, whatever it says.</summary>
    RegistrationSent = 20,
}

/// <summary>The steps that lead from one state to the next.</summary>
public enum SignInStep
{
    /// <summary>Say who you are.</summary>
    Identify = 0,

    /// <summary>Prove it with the password.</summary>
    VerifyPassword = 1,

    /// <summary>Choose a new password.</summary>
    ChangePassword = 2,

    /// <summary>Prove it a second time with a code of an authenticator app.</summary>
    VerifyTotp = 3,

    /// <summary>Prove it a second time with a recovery code.</summary>
    VerifyRecoveryCode = 4,

    /// <summary>Set up an authenticator app by a code of it.</summary>
    ConfirmTotp = 5,

    /// <summary>Set up a second factor another time, while the tenant allows it.</summary>
    PostponeEnrolment = 6,

    /// <summary>Say that the recovery codes are kept.</summary>
    KeepRecoveryCodes = 7,

    /// <summary>Get other recovery codes, because the first were not seen.</summary>
    ReplaceRecoveryCodes = 8,

    /// <summary>Ask for a code by e-mail.</summary>
    SendEmailCode = 9,

    /// <summary>Prove it a second time with the code from the e-mail.</summary>
    VerifyEmailCode = 10,

    /// <summary>Prove it with a passkey: instead of the password, or after it.</summary>
    VerifyPasskey = 11,

    /// <summary>Set up a second factor by adding a passkey.</summary>
    RegisterPasskey = 12,

    /// <summary>Ask for another link that confirms the address.</summary>
    SendVerification = 20,

    /// <summary>Go on with a confirmed address.</summary>
    ContinueVerified = 21,

    /// <summary>Ask for another mail about the account that one has asked for.</summary>
    SendRegistrationMail = 22,

    /// <summary>Go on with the account that was opened in this flow, now that its address is confirmed.</summary>
    ContinueRegistered = 23,

    /// <summary>Ask for a code by e-mail that stands for the password.</summary>
    SendSignInCode = 24,

    /// <summary>Prove who you are with that code.</summary>
    VerifySignInCode = 25,
}

/// <summary>What is asked, in the order of the table, once a step has been accepted.</summary>
public enum SignInGuard
{
    /// <summary>Nothing: the row applies.</summary>
    Always = 0,

    /// <summary>Is the person's address still to be verified?</summary>
    EmailNotVerified = 1,

    /// <summary>Must the person's password be replaced?</summary>
    PasswordMustChange = 2,

    /// <summary>Must the person set up a second factor now?</summary>
    SecondFactorOwed = 3,

    /// <summary>Has the person a second factor that this sign-in has not seen?</summary>
    SecondFactorAsked = 4,

    /// <summary>Will the person have to set up a second factor from a date that is still to come?</summary>
    SecondFactorAnnounced = 5,
}
