using LoginPortal.Core.Passwords;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Replaces a password that must not be used any longer, for the person who has just proved it.</summary>
public sealed class ChangePasswordStep(PasswordChanges passwords) : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.ChangePassword;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public async Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var user = context.User ?? throw new InvalidOperationException("Nobody has proved yet who they are.");
        return await passwords.PrepareAsync(user, ((StepInput.NewPassword)input).Value, context.Tenant, cancellationToken) switch
        {
            PasswordChange.Refused(var problems) => new StepResult.Refused(RejectionCode.PasswordNotAllowed, problems),
            PasswordChange.Unchanged => new StepResult.Refused(RejectionCode.PasswordUnchanged),
            PasswordChange.Ready(var hash) => new StepResult.Accepted(
                async (commit, cancellation) =>
                {
                    await passwords.ApplyAsync(commit.Database, commit.Tenant, commit.User!, hash, commit.Facts, reason: null, keptSessionId: null, cancellation);
                    return null;
                }),
            _ => new StepResult.Busy(),
        };
    }
}
