using LoginPortal.Core.Accounts;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Takes the address that somebody says is theirs. Whether there is such an account is not looked at.</summary>
public sealed class IdentifyStep : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.Identify;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        var (typed, isStepUp) = (StepInput.Identify)input;
        var address = typed?.Trim();
        return Task.FromResult<StepResult>(EmailAddress.IsWellFormed(address)
            ? new StepResult.Accepted((commit, _) =>
            {
                commit.Flow.Identifier = address;
                commit.Flow.UserId = null;
                commit.Flow.AuthenticationMethods = [];
                commit.Flow.IsStepUp |= isStepUp;
                return Task.FromResult<RejectionCode?>(null);
            }) { ChangesFlowAlone = true }
            : new StepResult.Refused(RejectionCode.AddressMalformed));
    }
}
