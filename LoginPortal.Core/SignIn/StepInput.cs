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
    public sealed record Identify(string? Address) : StepInput
    {
        /// <inheritdoc />
        public override SignInStep Step => SignInStep.Identify;
    }

    /// <summary>The person's password.</summary>
    /// <param name="Value">The password as typed.</param>
    /// <param name="Remember">Whether the session should outlive the browser.</param>
    public sealed record Password(string? Value, bool Remember) : StepInput
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
}
