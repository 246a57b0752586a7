using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.EmailCodes;
using LoginPortal.Core.Throttling;

namespace LoginPortal.Core.SignIn.Steps;

/// <summary>
/// Makes a code that can stand for the password, where the tenant allows it. Whether there is anybody to mail it to is looked up afterwards: here
/// the same is done for every address.
/// </summary>
public sealed class SendSignInCodeStep(MailedCodes codes, TimeProvider time) : ISignInStep
{
    /// <summary>How many codes can be asked for from one network in an hour, for whatever addresses.</summary>
    public const int RequestsAnHour = 60;

    /// <inheritdoc />
    public SignInStep Step => SignInStep.SendSignInCode;

    /// <inheritdoc />
    public string? CountedFactor => null;

    /// <inheritdoc />
    public Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return Task.FromResult<StepResult>(!context.Tenant.Policy.EmailCodeSignIn
            ? new StepResult.Refused(RejectionCode.InvalidCode)
            : new StepResult.Accepted(async (commit, cancellation) =>
            {
                var now = time.GetUtcNow();
                if (await NetworkAllowances.TryTakeAsync(
                    commit.Database, commit.Tenant.Id, NetworkPurpose.SignInCode, commit.Facts.IpAddress, RequestsAnHour, now, cancellation) is not null)
                {
                    return RejectionCode.TooManyMails;
                }

                if (await codes.ReplaceAsync(commit.Flow, cancellation) is null)
                {
                    return RejectionCode.EmailCodeTooSoon;
                }

                commit.Database.AccountRequests.Add(new AccountRequest
                {
                    Id = Guid.CreateVersion7(now),
                    TenantId = commit.Tenant.Id,
                    Kind = AccountRequestKind.SignInCode,
                    Address = commit.Flow.Identifier!,
                    FlowId = commit.Flow.Id,
                    Language = commit.Facts.Language,
                    IpAddress = commit.Facts.IpAddress,
                    CreatedAt = now,
                });
                return null;
            }));
    }
}
