using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.SignIn;

/// <summary>
/// One step of signing in. It decides whether what was given is right; everything around that (the table, counting guesses,
/// saving, what comes next) is <see cref="SignInRunner"/>'s.
/// </summary>
public interface ISignInStep
{
    /// <summary>The step that it is.</summary>
    SignInStep Step { get; }

    /// <summary>
    /// The factor that a refusal counts against, one of <see cref="AttemptFactor"/>; <see langword="null"/> if there is nothing
    /// to guess.
    /// </summary>
    string? CountedFactor { get; }

    /// <summary>Whether it can be decided now. Where it cannot, nothing is counted, written or read for it. Default <see langword="true"/>.</summary>
    bool IsReady() => true;

    /// <summary>Decides, outside any transaction, and changes nothing.</summary>
    /// <param name="context">The flow, the person and the tenant.</param>
    /// <param name="input">What was given, of the record that belongs to <see cref="Step"/>.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    Task<StepResult> VerifyAsync(StepContext context, StepInput input, CancellationToken cancellationToken);

    /// <summary>Adds what is to be noted of a refusal beyond the count of <see cref="CountedFactor"/>; saved with it. Default nothing.</summary>
    Task NoteRefusalAsync(StepContext context, StepInput input, RejectionCode code, RequestFacts facts, CancellationToken cancellationToken) =>
        Task.CompletedTask;
}

/// <summary>What a step may look at.</summary>
/// <param name="Flow">The flow; not to be changed here.</param>
/// <param name="User">
/// The person who has proved who they are, or else the account that was named; <see langword="null"/> if there is none or it
/// may not sign in. A step does the same work either way.
/// </param>
/// <param name="Tenant">The tenant.</param>
public sealed record StepContext(FlowRecord Flow, PortalUser? User, TenantProfile Tenant);

/// <summary>What a step decided. A closed family.</summary>
public abstract record StepResult
{
    private StepResult()
    {
    }

    /// <summary>What was given is right.</summary>
    /// <param name="CommitAsync">
    /// What it changes, done in the transaction that moves the flow on; a one-time secret is spent here. An answer other than
    /// <see langword="null"/> says why it cannot be done after all (the secret was spent a moment ago): all is rolled back and refused.
    /// </param>
    public sealed record Accepted(Func<StepCommit, CancellationToken, Task<RejectionCode?>> CommitAsync) : StepResult
    {
        /// <summary>The person, where the step itself found out who it is. Default the one of <see cref="StepContext.User"/>.</summary>
        public PortalUser? Person { get; init; }

        /// <summary>Whether only the flow is changed, which is saved at once or not at all without a transaction of its own. Default <see langword="false"/>.</summary>
        public bool ChangesFlowAlone { get; init; }
    }

    /// <summary>What was given is wrong.</summary>
    /// <param name="Code">Why.</param>
    /// <param name="Problems">What is wrong with a new password.</param>
    public sealed record Refused(RejectionCode Code, IReadOnlyList<PasswordProblem> Problems) : StepResult
    {
        /// <summary>A refusal that is no matter of password rules.</summary>
        public Refused(RejectionCode code)
            : this(code, [])
        {
        }
    }

    /// <summary>It could not be decided now; the guess does not count.</summary>
    public sealed record Busy : StepResult;
}

/// <summary>What an accepted step may change, inside the transaction.</summary>
/// <param name="Database">The context that is saved when the step has made its changes.</param>
/// <param name="Flow">The flow, tracked.</param>
/// <param name="User">The person, tracked; <see langword="null"/> while nobody has proved who they are.</param>
/// <param name="Tenant">The tenant.</param>
/// <param name="Facts">Where the request came from.</param>
public sealed record StepCommit(PortalDbContext Database, FlowRecord Flow, PortalUser? User, TenantProfile Tenant, RequestFacts Facts)
{
    /// <summary>Recovery codes that this step made, for the one answer that shows them.</summary>
    public IReadOnlyList<string>? RecoveryCodes { get; set; }

    /// <summary>Notes that the person has proved who they are a second time.</summary>
    /// <param name="method">How.</param>
    /// <param name="trustDevice">Whether they want this browser to be trusted; what the policy forbids is not done.</param>
    /// <param name="how">The same as values of RFC 8176. Default <see cref="AuthenticationMethod.OneTimePassword"/>.</param>
    public void ProveSecondFactor(SecondFactorMethod method, bool trustDevice, params IReadOnlyList<string> how)
    {
        ArgumentNullException.ThrowIfNull(how);
        Flow.AuthenticationMethods =
        [
            .. Flow.AuthenticationMethods
                .Union(how.Count > 0 ? how : [AuthenticationMethod.OneTimePassword], StringComparer.Ordinal)
                .Append(AuthenticationMethod.MultiFactor),
        ];
        Flow.TrustDevice = trustDevice && Tenant.Policy.TrustedDeviceDays > 0;
        User!.LastSecondFactor = method;
    }
}
