using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Mail;
using LoginPortal.Core.RecoveryCodes;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Takes one of the person's recovery codes, which is gone then.</summary>
public sealed class VerifyRecoveryCodeStep(PortalDbContext database, SecurityEventWriter events, Outbox outbox) : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.VerifyRecoveryCode;

    /// <inheritdoc />
    public string? CountedFactor => AttemptFactor.RecoveryCode;

    /// <inheritdoc />
    public async Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var hash = context.User is { } known ? RecoveryCodeText.Hash(known.Id, ((StepInput.RecoveryCode)input).Code) : "";
        if (context.User is not { } user
            || !await database.RecoveryCodes.AnyAsync(code => code.UserId == user.Id && code.CodeHash == hash, cancellationToken))
        {
            return new StepResult.Refused(RejectionCode.InvalidRecoveryCode);
        }

        return new StepResult.Accepted(async (commit, cancellation) =>
        {
            if (!await RecoveryCodeSets.SpendAsync(commit.Database, user.Id, hash, cancellation))
            {
                return RejectionCode.InvalidRecoveryCode;
            }

            // Whoever lost the app once should be offered it first again: the recovery code is not remembered as preferred.
            var preferred = user.LastSecondFactor;
            commit.ProveSecondFactor(SecondFactorMethod.RecoveryCode, trustDevice: false);
            user.LastSecondFactor = preferred;
            events.Record(
                commit.Database,
                user.TenantId,
                SecurityEventKind.RecoveryCodeUsed,
                SecurityEventOutcome.Success,
                commit.Facts,
                subjectId: user.Id,
                actorId: user.Id);
            var left = await RecoveryCodeSets.CountLeftAsync(commit.Database, user.Id, cancellation);
            await outbox.AddAsync(commit.Database, commit.Tenant, user, new MailDraft("RecoveryCodeUsed") { Values = [left] }, cancellation);
            return null;
        });
    }
}
