using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Takes a passkey's answer, instead of the password or after it. There is nothing in it to guess, so nothing is counted.</summary>
internal sealed class VerifyPasskeyStep(PasskeyVerifier verifier, PasskeyChanges changes, PortalDbContext database, SecurityEventWriter events)
    : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.VerifyPasskey;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public async Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        var (answer, remember, trustDevice) = (StepInput.Passkey)input;
        var verdict = await verifier.JudgeAssertionAsync(context.Flow, context.Tenant, answer, cancellationToken);
        if (verdict is not PasskeyVerdict.Proved(var user, var passkey, var proof))
        {
            return new StepResult.Refused(((PasskeyVerdict.Refused)verdict).Code);
        }

        var isSecondFactor = context.Flow.State == SignInState.SecondFactor;
        string[] how = [passkey.IsBackupEligible ? AuthenticationMethod.SoftwareKey : AuthenticationMethod.HardwareKey, AuthenticationMethod.UserPresence];
        return new StepResult.Accepted(async (commit, cancellation) =>
        {
            if (await changes.UseAsync(commit.Database, user.Id, proof, cancellation) is { } refusal)
            {
                return refusal;
            }

            if (isSecondFactor)
            {
                commit.ProveSecondFactor(SecondFactorMethod.Passkey, trustDevice, how);
                return null;
            }

            commit.Flow.UserId = user.Id;
            commit.Flow.Identifier = user.Email;
            commit.Flow.AuthenticationMethods = [.. how, AuthenticationMethod.MultiFactor];
            commit.Flow.Remember = remember && context.Tenant.Policy.AllowRememberedSessions;
            return null;
        })
        {
            Person = user,
        };
    }

    /// <inheritdoc />
    public async Task NoteRefusalAsync(
        StepContext context, StepInput input, RejectionCode code, RequestFacts facts, CancellationToken cancellationToken)
    {
        var credentialId = CredentialJson.Read(((StepInput.Passkey)input).Answer.CredentialJson)?.Id ?? [];
        var owners = database.Passkeys.Where(p => p.CredentialId == credentialId).Select(p => p.UserId);
        var owner = await database.Users.SingleOrDefaultAsync(user => owners.Contains(user.Id), cancellationToken);
        if (code == RejectionCode.PasskeyCounterRegressed && owner is not null)
        {
            await changes.ReportRegressionAsync(database, context.Tenant, owner, facts, cancellationToken);
            return;
        }

        events.Record(
            database,
            context.Tenant.Id,
            SecurityEventKind.PasskeyVerification,
            SecurityEventOutcome.Refused,
            facts,
            subjectId: owner?.Id,
            reason: ReasonOf(code));
    }

    private static string ReasonOf(RejectionCode code) => code switch
    {
        RejectionCode.PasskeyUnknown => "unknown_passkey",
        RejectionCode.PasskeyCeremonyEnded => "ceremony_ended",
        RejectionCode.PasskeyNotVerified => "user_not_verified",
        _ => "not_accepted",
    };
}
