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

    /// <summary>The password was right, but must be replaced before anything else.</summary>
    PasswordChange = 3,

    /// <summary>The tenant requires a second factor that this person does not have.</summary>
    SecondFactorEnrolment = 4,

    /// <summary>The person is signed in.</summary>
    Completed = 5,
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

    /// <summary>Does the tenant's policy want more assurance than the steps so far give?</summary>
    SecondFactorOwed = 3,
}
