using LoginPortal.Core.Totp;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Compares a code with the person's authenticator apps.</summary>
public sealed class VerifyTotpStep(TotpEnrolments authenticators, TimeProvider time) : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.VerifyTotp;

    /// <inheritdoc />
    public string? CountedFactor => AttemptFactor.Totp;

    /// <inheritdoc />
    public async Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (code, trustDevice) = (StepInput.Totp)input;
        if (context.User is not { } user
            || await authenticators.MatchConfirmedAsync(user.Id, code, cancellationToken) is not var (authenticator, step))
        {
            return new StepResult.Refused(RejectionCode.InvalidCode);
        }

        return new StepResult.Accepted(async (commit, cancellation) =>
        {
            if (!await TotpEnrolments.SpendStepAsync(commit.Database, user.Id, step, cancellation))
            {
                return RejectionCode.CodeUsed;
            }

            authenticator.LastUsedAt = time.GetUtcNow();
            commit.ProveSecondFactor(SecondFactorMethod.Totp, trustDevice);
            return null;
        });
    }
}
