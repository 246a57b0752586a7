namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Goes on once the person's address has been confirmed, in whatever browser the link was opened.</summary>
public sealed class ContinueVerifiedStep : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.ContinueVerified;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult<StepResult>(context.User is { EmailConfirmed: true }
            ? new StepResult.Accepted((_, _) => Task.FromResult<RejectionCode?>(null))
            : new StepResult.Refused(RejectionCode.AddressNotVerified));
    }
}
