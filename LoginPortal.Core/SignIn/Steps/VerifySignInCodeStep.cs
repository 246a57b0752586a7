using LoginPortal.Core.EmailCodes;
using LoginPortal.Core.Totp;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Compares a code that stands for the password with the one that was made for this flow, whether or not it could be mailed to anybody.</summary>
public sealed class VerifySignInCodeStep(MailedCodes codes, ISecondFactorExemption exemption) : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.VerifySignInCode;

    /// <inheritdoc />
    public string? CountedFactor => AttemptFactor.EmailCode;

    /// <inheritdoc />
    public async Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (code, remember, trustedDeviceToken) = (StepInput.SignInCode)input;
        if (!context.Tenant.Policy.EmailCodeSignIn || TotpCode.Normalize(code) is not { } digits)
        {
            return new StepResult.Refused(RejectionCode.InvalidCode);
        }

        return await codes.CompareAsync(context.Flow.Id, digits, cancellationToken) switch
        {
            EmailCodeComparison.Ended => new StepResult.Refused(RejectionCode.EmailCodeEnded),
            EmailCodeComparison.Same when context.User is { EmailConfirmed: true } user => new StepResult.Accepted(async (commit, cancellation) =>
            {
                if (!await MailedCodes.SpendAsync(commit.Database, commit.Flow.Id, cancellation))
                {
                    return RejectionCode.EmailCodeEnded;
                }

                commit.Flow.UserId = user.Id;
                commit.Flow.AuthenticationMethods = [AuthenticationMethod.OneTimePassword];
                commit.Flow.SecondFactorExempt = !commit.Flow.IsStepUp
                    && await exemption.IsExemptAsync(user, commit.Tenant.Policy, trustedDeviceToken, cancellation);
                commit.Flow.Remember = remember && commit.Tenant.Policy.AllowRememberedSessions;
                return null;
            }),
            _ => new StepResult.Refused(RejectionCode.InvalidCode),
        };
    }
}
