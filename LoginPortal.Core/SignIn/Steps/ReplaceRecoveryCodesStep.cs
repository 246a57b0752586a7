using LoginPortal.Core.RecoveryCodes;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Makes other recovery codes for a person who did not see the first: a reloaded page cannot show them again.</summary>
public sealed class ReplaceRecoveryCodesStep(RecoveryCodeSets recoveryCodes) : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.ReplaceRecoveryCodes;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken) =>
        Task.FromResult<StepResult>(new StepResult.Accepted(async (commit, cancellation) =>
        {
            commit.RecoveryCodes = await recoveryCodes.ReplaceAsync(commit.Database, commit.User!.Id, cancellation);
            return null;
        }));
}
