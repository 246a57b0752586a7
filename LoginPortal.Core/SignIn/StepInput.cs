using LoginPortal.Core.Passkeys;

namespace LoginPortal.Core.SignIn;

/// <summary>What a person gave for a step. A closed family: one record a step.</summary>
public abstract record StepInput
{
    private StepInput()
    {
    }

    /// <summary>The step it is for.</summary>
    public abstract SignInStep Step { get; }

    /// <summary>Who the person says they are.</summary>
    /// <param name="Address">The e-mail address as typed.</param>
    /// <param name="IsStepUp">Whether the person was asked to prove anew who they are: then no trusted device stands in for the second factor.</param>
    public sealed record Identify(string? Address, bool IsStepUp = false) : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.Identify;
    }

    /// <summary>The person's password.</summary>
    /// <param name="Value">The password as typed.</param>
    /// <param name="Remember">Whether the session should outlive the browser.</param>
    /// <param name="TrustedDeviceToken">The token of a browser that the person trusted, if it has one.</param>
    public sealed record Password(string? Value, bool Remember, string? TrustedDeviceToken = null) : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.VerifyPassword;

        /// <summary>Without the password: records print themselves into logs.</summary>
        public override string ToString() => nameof(Password);
    }

    /// <summary>The password that shall replace the present one.</summary>
    /// <param name="Value">The new password as typed.</param>
    public sealed record NewPassword(string? Value) : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.ChangePassword;

        /// <summary>Without the password: records print themselves into logs.</summary>
        public override string ToString() => nameof(NewPassword);
    }

    /// <summary>A code of an authenticator app.</summary>
    /// <param name="Code">The code as typed.</param>
    /// <param name="TrustDevice">Whether this browser should stand in for the second factor for a while.</param>
    public sealed record Totp(string? Code, bool TrustDevice) : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.VerifyTotp;

        /// <summary>Without the code: records print themselves into logs.</summary>
        public override string ToString() => nameof(Totp);
    }

    /// <summary>A recovery code.</summary>
    /// <param name="Code">The code as typed.</param>
    public sealed record RecoveryCode(string? Code) : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.VerifyRecoveryCode;

        /// <summary>Without the code: records print themselves into logs.</summary>
        public override string ToString() => nameof(RecoveryCode);
    }

    /// <summary>The wish for a code by e-mail.</summary>
    public sealed record EmailCodeRequest : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.SendEmailCode;
    }

    /// <summary>The code from the e-mail.</summary>
    /// <param name="Code">The code as typed.</param>
    /// <param name="TrustDevice">Whether this browser should stand in for the second factor for a while.</param>
    public sealed record EmailCode(string? Code, bool TrustDevice) : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.VerifyEmailCode;

        /// <summary>Without the code: records print themselves into logs.</summary>
        public override string ToString() => nameof(EmailCode);
    }

    /// <summary>The wish for another link that confirms the address.</summary>
    public sealed record VerificationRequest : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.SendVerification;
    }

    /// <summary>The wish to go on, now that the address is confirmed.</summary>
    public sealed record VerifiedContinuation : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.ContinueVerified;
    }

    /// <summary>The wish for another mail about the account that was asked for.</summary>
    public sealed record RegistrationMailRequest : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.SendRegistrationMail;
    }

    /// <summary>The wish to go on with the account that was opened in this flow.</summary>
    public sealed record RegisteredContinuation : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.ContinueRegistered;
    }

    /// <summary>The wish for a code by e-mail that stands for the password.</summary>
    public sealed record SignInCodeRequest : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.SendSignInCode;
    }

    /// <summary>That code.</summary>
    /// <param name="Code">The code as typed.</param>
    /// <param name="Remember">Whether the session should outlive the browser.</param>
    /// <param name="TrustedDeviceToken">The token of a browser that the person trusted, if it has one.</param>
    public sealed record SignInCode(string? Code, bool Remember, string? TrustedDeviceToken = null) : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.VerifySignInCode;

        /// <summary>Without the code: records print themselves into logs.</summary>
        public override string ToString() => nameof(SignInCode);
    }

    /// <summary>The first code of an app that is being set up.</summary>
    /// <param name="Code">The code as typed.</param>
    /// <param name="Name">What the person calls the app; may be empty.</param>
    public sealed record TotpConfirmation(string? Code, string? Name) : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.ConfirmTotp;

        /// <summary>Without the code: records print themselves into logs.</summary>
        public override string ToString() => nameof(TotpConfirmation);
    }

    /// <summary>A passkey's answer.</summary>
    /// <param name="Answer">What the browser handed back.</param>
    /// <param name="Remember">Whether the session should outlive the browser.</param>
    /// <param name="TrustDevice">Whether, after a password, this browser should stand in for the second factor for a while.</param>
    public sealed record Passkey(PasskeyAnswer Answer, bool Remember, bool TrustDevice) : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.VerifyPasskey;
    }

    /// <summary>A new passkey that is to be the second factor.</summary>
    /// <param name="Answer">What the browser handed back.</param>
    public sealed record PasskeyRegistration(PasskeyAnswer Answer) : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.RegisterPasskey;
    }

    /// <summary>The wish to set up a second factor another time.</summary>
    public sealed record Postponement : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.PostponeEnrolment;
    }

    /// <summary>The word that the recovery codes are kept.</summary>
    public sealed record RecoveryCodesKept : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.KeepRecoveryCodes;
    }

    /// <summary>The wish for other recovery codes.</summary>
    public sealed record RecoveryCodesReplacement : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.ReplaceRecoveryCodes;
    }
}
