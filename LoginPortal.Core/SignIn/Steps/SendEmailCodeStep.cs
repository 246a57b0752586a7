using LoginPortal.Core.EmailCodes;
using LoginPortal.Core.Mail;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Sends a code to the person's verified address, at most every thirty seconds.</summary>
public sealed class SendEmailCodeStep(MailedCodes codes, SecondFactors secondFactors, Outbox outbox) : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.SendEmailCode;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public async Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        if (context.User is not { } user
            || !(await secondFactors.OfAsync(user, context.Tenant.Policy, context.Flow.AuthenticationMethods, cancellationToken)).Usable.Contains(SecondFactorMethod.EmailCode))
        {
            return new StepResult.Refused(RejectionCode.InvalidCode);
        }

        return new StepResult.Accepted(async (commit, cancellation) =>
        {
            if (await codes.ReplaceAsync(commit.Flow, cancellation) is not { } code)
            {
                return RejectionCode.EmailCodeTooSoon;
            }

            var draft = new MailDraft("EmailCode") { Code = code, Values = [(int)EmailCode.Lifetime.TotalMinutes], Language = commit.Facts.Language };
            await outbox.AddAsync(commit.Database, commit.Tenant, user, draft, cancellation);
            return null;
        });
    }
}
