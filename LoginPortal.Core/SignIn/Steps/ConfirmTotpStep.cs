using LoginPortal.Core.RecoveryCodes;
using LoginPortal.Core.Totp;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Sets up an authenticator app during sign-in, once a code has proved that it has the seed.</summary>
public sealed class ConfirmTotpStep(TotpEnrolments authenticators, AuthenticatorChanges changes, RecoveryCodeSets recoveryCodes) : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.ConfirmTotp;

    /// <inheritdoc />
    public string? CountedFactor => AttemptFactor.Totp;

    /// <inheritdoc />
    public async Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (code, name) = (StepInput.TotpConfirmation)input;
        if (context.User is not { } user
            || await authenticators.MatchPendingAsync(user.Id, code, cancellationToken) is not { } match)
        {
            return new StepResult.Refused(RejectionCode.InvalidCode);
        }

        return new StepResult.Accepted(async (commit, cancellation) =>
        {
            if (!await changes.ConfirmAsync(commit.Database, commit.Tenant, user, match, name, commit.Facts, cancellation))
            {
                return RejectionCode.InvalidCode;
            }

            commit.RecoveryCodes = await recoveryCodes.ReplaceAsync(commit.Database, user.Id, cancellation);
            commit.ProveSecondFactor(SecondFactorMethod.Totp, trustDevice: false);
            return null;
        });
    }
}
