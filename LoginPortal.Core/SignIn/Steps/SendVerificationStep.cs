using LoginPortal.Core.Recovery;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Mails another link that confirms the person's address.</summary>
public sealed class SendVerificationStep(AddressVerification verification) : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.SendVerification;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken) =>
        Task.FromResult<StepResult>(new StepResult.Accepted((commit, cancellation) =>
            verification.SendAsync(commit.Database, commit.Tenant, commit.User!, commit.Facts.Language, cancellation)));
}
