namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Goes on once the person says that they keep their recovery codes.</summary>
public sealed class KeepRecoveryCodesStep : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.KeepRecoveryCodes;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken) =>
        Task.FromResult<StepResult>(new StepResult.Accepted((_, _) => Task.FromResult<RejectionCode?>(null)));
}
