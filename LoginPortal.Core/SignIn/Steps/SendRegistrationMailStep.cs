using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Recovery;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>Asks for another mail about an account. What it says, and whether it is sent, is decided afterwards: here nothing may depend on it.</summary>
public sealed class SendRegistrationMailStep(TimeProvider time) : ISignInStep
{
    /// <inheritdoc />
    public SignInStep Step => SignInStep.SendRegistrationMail;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        var now = time.GetUtcNow();
        return Task.FromResult<StepResult>(context.Flow.MailRequestedAt > now - AddressVerification.ResendDelay
            ? new StepResult.Refused(RejectionCode.MailTooSoon)
            : new StepResult.Accepted((commit, _) =>
            {
                commit.Flow.MailRequestedAt = now;
                commit.Database.AccountRequests.Add(new AccountRequest
                {
                    Id = Guid.CreateVersion7(now),
                    TenantId = commit.Tenant.Id,
                    Kind = AccountRequestKind.Registration,
                    Address = commit.Flow.Identifier!,
                    FlowId = commit.Flow.Id,
                    Language = commit.Facts.Language,
                    IpAddress = commit.Facts.IpAddress,
                    CreatedAt = now,
                });
                return Task.FromResult<RejectionCode?>(null);
            }));
    }
}
