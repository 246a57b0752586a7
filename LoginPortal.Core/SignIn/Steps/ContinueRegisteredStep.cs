namespace LoginPortal.Core.SignIn.Steps;

/// <summary>
/// Goes on with the account that was opened in this flow, once its address has been confirmed: the password was chosen here, and so need not be
/// typed again. A password that was changed since is no longer of this flow.
/// </summary>
public sealed class ContinueRegisteredStep : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.ContinueRegistered;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var flow = context.Flow;
        return Task.FromResult<StepResult>(context.User is { EmailConfirmed: true } user
            && user.RegistrationFlowId == flow.Id
            ? new StepResult.Accepted((commit, _) =>
            {
                commit.Flow.UserId = user.Id;
                commit.Flow.AuthenticationMethods = [AuthenticationMethod.Password];
                return Task.FromResult<RejectionCode?>(null);
            })
            : new StepResult.Refused(RejectionCode.AddressNotVerified));
    }
}
