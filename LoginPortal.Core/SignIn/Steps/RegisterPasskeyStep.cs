using LoginPortal.Core.Passkeys;
using LoginPortal.Core.RecoveryCodes;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Sets up a second factor during sign-in by adding a passkey.</summary>
internal sealed class RegisterPasskeyStep(PasskeyVerifier verifier, PasskeyChanges changes, RecoveryCodeSets recoveryCodes) : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.RegisterPasskey;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public async Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        if (context.User is not { } user)
        {
            return new StepResult.Refused(RejectionCode.PasskeyNotAccepted);
        }

        var answer = ((StepInput.PasskeyRegistration)input).Answer;
        var flow = context.Flow;
        return await verifier.JudgeAttestationAsync(user, context.Tenant, flow.BindingHash, flow.Id, answer, cancellationToken) switch
        {
            PasskeyVerdict.Refused(var code) => new StepResult.Refused(code),
            PasskeyVerdict.Attested attested => new StepResult.Accepted(async (commit, cancellation) =>
            {
                if (await changes.AddAsync(commit.Database, commit.Tenant, user, attested, commit.Facts, cancellation) is { } refusal)
                {
                    return refusal;
                }

                commit.RecoveryCodes = await recoveryCodes.ReplaceAsync(commit.Database, user.Id, cancellation);
                commit.ProveSecondFactor(
                    SecondFactorMethod.Passkey,
                    trustDevice: false,
                    attested.Passkey.IsBackupEligible ? AuthenticationMethod.SoftwareKey : AuthenticationMethod.HardwareKey,
                    AuthenticationMethod.UserPresence);
                return null;
            }),
            _ => throw new InvalidOperationException("An attestation proves nobody."),
        };
    }
}
