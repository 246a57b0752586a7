using LoginPortal.Core.EmailCodes;
using LoginPortal.Core.Totp;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Compares a code with the one that was sent for this flow.</summary>
public sealed class VerifyEmailCodeStep(MailedCodes codes, SecondFactors secondFactors) : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.VerifyEmailCode;

    /// <inheritdoc />
    public string? CountedFactor => AttemptFactor.EmailCode;

    /// <inheritdoc />
    public async Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (code, trustDevice) = (StepInput.EmailCode)input;
        if (context.User is not { } user
            || TotpCode.Normalize(code) is not { } digits
            || !(await secondFactors.OfAsync(user, context.Tenant.Policy, context.Flow.AuthenticationMethods, cancellationToken)).Usable.Contains(SecondFactorMethod.EmailCode))
        {
            return new StepResult.Refused(RejectionCode.InvalidCode);
        }

        return await codes.CompareAsync(context.Flow.Id, digits, cancellationToken) switch
        {
            EmailCodeComparison.Ended => new StepResult.Refused(RejectionCode.EmailCodeEnded),
            EmailCodeComparison.Different => new StepResult.Refused(RejectionCode.InvalidCode),
            _ => new StepResult.Accepted(async (commit, cancellation) =>
            {
                if (!await MailedCodes.SpendAsync(commit.Database, commit.Flow.Id, cancellation))
                {
                    return RejectionCode.EmailCodeEnded;
                }

                commit.ProveSecondFactor(SecondFactorMethod.EmailCode, trustDevice);
                return null;
            }),
        };
    }
}
