using LoginPortal.Core.Passwords;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Compares the password, with the same work whether or not there is an account to compare with.</summary>
public sealed class VerifyPasswordStep(PasswordHashing hashing, ISecondFactorExemption exemption) : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.VerifyPassword;

    /// <inheritdoc />
    public string? CountedFactor => AttemptFactor.Password;

    /// <summary>Not while there are more passwords to compare than can be.</summary>
    public bool IsReady() => hashing.HasRoom();

    /// <inheritdoc />
    public async Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var (password, remember, trustedDeviceToken) = (StepInput.Password)input;
        var user = context.User;
        switch (await hashing.CompareAsync(user?.PasswordHash, password, cancellationToken))
        {
            case PasswordComparison.Busy:
                return new StepResult.Busy();
            case PasswordComparison.Different:
                return new StepResult.Refused(RejectionCode.InvalidCredentials);
            case PasswordComparison.SameButOutdated when PasswordText.TryNormalize(password, out var normalized):
                // A full queue is no reason to refuse a right password: the hash is renewed another time.
                return Accept(await hashing.HashAsync(normalized, cancellationToken));
            default:
                return Accept(renewedHash: null);
        }

        StepResult.Accepted Accept(string? renewedHash) => new(async (commit, cancellation) =>
        {
            commit.Flow.UserId = user!.Id;
            commit.Flow.AuthenticationMethods = [AuthenticationMethod.Password];
            commit.Flow.SecondFactorExempt = !commit.Flow.IsStepUp
                && await exemption.IsExemptAsync(user, context.Tenant.Policy, trustedDeviceToken, cancellation);
            commit.Flow.Remember = remember && context.Tenant.Policy.AllowRememberedSessions;
            if (renewedHash is not null)
            {
                // Only over the hash that was compared: a password changed meanwhile must stay changed.
                var comparedHash = user.PasswordHash;
                await commit.Database.Users
                    .Where(u => u.Id == user.Id && u.PasswordHash == comparedHash)
                    .ExecuteUpdateAsync(u => u.SetProperty(x => x.PasswordHash, renewedHash), cancellation);
            }

            return null;
        });
    }
}
