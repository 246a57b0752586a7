namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Leaves setting up a second factor for another time. Whether that is still allowed, the flow's table asks.</summary>
public sealed class PostponeEnrolmentStep : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.PostponeEnrolment;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken) =>
        Task.FromResult<StepResult>(new StepResult.Accepted((_, _) => Task.FromResult<RejectionCode?>(null)));
}
