using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.SignIn;

/// <summary>
/// Signing in for clients without a browser. It decides nothing: every step goes through <see cref="SignInRunner"/>; what is added is the
/// handle in place of the browser's cookie, and tokens in place of the session's.
/// </summary>
public sealed partial class ApiSignIn(
    IServiceScopeFactory scopes,
    SignInRunner runner,
    PasskeyCeremonies ceremonies,
    IPasskeyCeremonyReader sealedCeremonies,
    SessionTokens sessionTokens,
    AccessTokens accessTokens,
    PasswordHashing hashing)
{
    /// <summary>Tries a password.</summary>
    /// <param name="tenantId">The tenant; <see langword="null"/> if none could be found, which is answered as a wrong password with the same work.</param>
    /// <param name="contract">The contract.</param>
    /// <param name="address">The e-mail address as typed, well formed.</param>
    /// <param name="password">The password.</param>
    /// <param name="fetchesLater">Whether the contract fetches its tokens with a second call.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<ApiSignInOutcome> SignInAsync(
        Guid? tenantId,
        string contract,
        string address,
        StepInput.Password password,
        bool fetchesLater,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        if (!hashing.HasRoom())
        {
            // Before anything is written: what is refused must not slow down what is let through.
            return new ApiSignInOutcome.Throttled(SignInRunner.BusyDelay);
        }

        var (tenant, identifier) = await NameAsync(tenantId, address, cancellationToken);
        var begun = await runner.BeginAsync(
            tenant, BindingOf(contract), returnUrl: null, new StepInput.Identify(identifier), facts, cancellationToken);
        if (begun is not SignInOutcome.Continue(var view))
        {
            return new ApiSignInOutcome.Refused(RejectionCode.InvalidCredentials);
        }

        var reference = new FlowReference(view.FlowId, BindingOf(contract));
        var outcome = await runner.AdvanceAsync(tenant, reference, password, facts, cancellationToken);
        return await DescribeAsync(new Call(tenant, contract, reference, Handle: null, fetchesLater, facts), outcome, codes: null, cancellationToken);
    }

    /// <summary>Goes on with a handle.</summary>
    /// <param name="reference">The handle.</param>
    /// <param name="input">What was given.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; a code under way then counts as a wrong one.</param>
    public async Task<ApiSignInOutcome> AdvanceAsync(
        HandleReference reference, StepInput input, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        await using var scope = scopes.CreateAsyncScope();
        var handles = scope.ServiceProvider.GetRequiredService<FlowHandles>();
        if (await handles.FindAsync(reference, cancellationToken) is not { } row)
        {
            return new ApiSignInOutcome.HandleEnded();
        }

        if (row.IsComplete)
        {
            return await FetchAsync(handles, reference, row, facts, cancellationToken);
        }

        if (!await handles.TryReserveAsync(row.HandleHash, cancellationToken))
        {
            return new ApiSignInOutcome.HandleEnded();
        }

        var flow = new FlowReference(row.FlowId, BindingOf(row.Contract));
        var outcome = await runner.AdvanceAsync(row.TenantId, flow, input, facts, cancellationToken);
        if (outcome is not SignInOutcome.Rejected({ Rejection: not RejectionCode.CodeMissing }, _))
        {
            await handles.ReturnAsync(row.HandleHash, cancellationToken);
        }

        var described = await DescribeAsync(
            new Call(row.TenantId, row.Contract, flow, new NewHandle(reference.Handle!, row.ExpiresAt), FetchesLater: false, facts),
            outcome,
            codes: null,
            cancellationToken);
        if (described is ApiSignInOutcome.SignedIn or ApiSignInOutcome.PasswordChangeNeeded)
        {
            await handles.EndAsync(row.HandleHash, cancellationToken);
        }

        return described;
    }

    /// <summary>Where a sign-in stands; for what is complete, its tokens.</summary>
    public async Task<ApiSignInOutcome> ShowAsync(HandleReference reference, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(reference);
        await using var scope = scopes.CreateAsyncScope();
        var handles = scope.ServiceProvider.GetRequiredService<FlowHandles>();
        if (await handles.FindAsync(reference, cancellationToken) is not { } row)
        {
            return new ApiSignInOutcome.HandleEnded();
        }

        if (row.IsComplete)
        {
            return await FetchAsync(handles, reference, row, facts, cancellationToken);
        }

        var flow = new FlowReference(row.FlowId, BindingOf(row.Contract));
        return await DescribeAsync(
            new Call(row.TenantId, row.Contract, flow, new NewHandle(reference.Handle!, row.ExpiresAt), FetchesLater: false, facts),
            await runner.ShowAsync(row.TenantId, flow, cancellationToken),
            codes: null,
            cancellationToken);
    }

    /// <summary>What stands in place of a browser's hash. No cookie hashes to it.</summary>
    public static string BindingOf(string contract) => $"api:{contract}";

    private async Task<ApiSignInOutcome> DescribeAsync(
        Call call, SignInOutcome outcome, IReadOnlyList<string>? codes, CancellationToken cancellationToken)
    {
        switch (outcome)
        {
            case SignInOutcome.Completed completed:
                return await CompleteAsync(call, completed, codes, cancellationToken);
            case SignInOutcome.Throttled(_, var retryAfter):
                return new ApiSignInOutcome.Throttled(retryAfter);
            case SignInOutcome.Rejected(var refused, _):
                return new ApiSignInOutcome.Refused(refused.Rejection ?? RejectionCode.InvalidCode);
            case SignInOutcome.Continue({ State: SignInState.EmailVerification }):
                return new ApiSignInOutcome.AddressNotVerified(call.TenantId);
            case SignInOutcome.Continue({ State: SignInState.PasswordChange }):
                return new ApiSignInOutcome.PasswordChangeNeeded();
            case SignInOutcome.Continue({ State: SignInState.SecondFactor } view):
                return await AskSecondFactorAsync(call, view, cancellationToken);
            case SignInOutcome.Continue({ State: SignInState.SecondFactorEnrolment, PostponableUntil: not null }):
                return await GoOnAsync(new StepInput.Postponement(), codes);
            case SignInOutcome.Continue({ State: SignInState.SecondFactorEnrolment, Enrolment: { } enrolment }):
                return await AskEnrolmentAsync(call, enrolment, cancellationToken);
            case SignInOutcome.Continue({ State: SignInState.RecoveryCodes } view):
                // A client shows what it is answered; there is no page that could ask whether the codes are kept.
                return await GoOnAsync(new StepInput.RecoveryCodesKept(), view.RecoveryCodes);
            default:
                return new ApiSignInOutcome.HandleEnded();
        }

        async Task<ApiSignInOutcome> GoOnAsync(StepInput input, IReadOnlyList<string>? shown) => await DescribeAsync(
            call, await runner.AdvanceAsync(call.TenantId, call.Flow, input, call.Facts, cancellationToken), shown, cancellationToken);
    }

    private async Task<ApiSignInOutcome> AskSecondFactorAsync(Call call, SignInView view, CancellationToken cancellationToken)
    {
        var (handle, userId) = await HandleAsync(call, FlowHandle.Lifetime, completedTicket: null, cancellationToken);
        return new ApiSignInOutcome.SecondFactorNeeded(
            call.TenantId, userId, handle.Text, handle.ExpiresAt, view.SecondFactors, view.PreferredSecondFactor, view.EmailCodeSentAt);
    }

    private async Task<ApiSignInOutcome> AskEnrolmentAsync(Call call, Totp.TotpEnrolment enrolment, CancellationToken cancellationToken)
    {
        var lifetime = call.FetchesLater ? FlowHandle.Lifetime : FlowHandle.EnrolmentLifetime;
        var (handle, userId) = await HandleAsync(call, lifetime, completedTicket: null, cancellationToken);
        var token = await accessTokens.IssueForEnrolmentAsync(
            call.TenantId, userId, handle.Text, handle.ExpiresAt, call.Contract, cancellationToken);
        return new ApiSignInOutcome.EnrolmentNeeded(call.TenantId, userId, handle.Text, token, enrolment);
    }

    private async Task<ApiSignInOutcome> CompleteAsync(
        Call call, SignInOutcome.Completed completed, IReadOnlyList<string>? codes, CancellationToken cancellationToken)
    {
        if (call.FetchesLater)
        {
            return new ApiSignInOutcome.Ready((await HandleAsync(call, FlowHandle.Lifetime, completed.HandoffTicket, cancellationToken)).Handle.Text);
        }

        return await RedeemAsync(call.TenantId, call.Contract, completed.HandoffTicket, codes, call.Facts, cancellationToken);
    }

    private async Task<ApiSignInOutcome> FetchAsync(
        FlowHandles handles, HandleReference reference, FlowHandle row, RequestFacts facts, CancellationToken cancellationToken) =>
        await handles.EndAsync(row.HandleHash, cancellationToken)
            ? await RedeemAsync(row.TenantId, row.Contract, FlowHandles.TicketOf(reference.Handle!), codes: null, facts, cancellationToken)
            : new ApiSignInOutcome.HandleEnded();

    private async Task<ApiSignInOutcome> RedeemAsync(
        Guid tenantId, string contract, string ticket, IReadOnlyList<string>? codes, RequestFacts facts, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.EnterTenantAsync(tenantId, cancellationToken);
        return await scope.ServiceProvider.GetRequiredService<SessionService>()
            .RedeemAsync(ticket, BindingOf(contract), presentSessionIds: [], facts, cancellationToken) is { } session
                ? new ApiSignInOutcome.SignedIn(
                    tenantId,
                    await sessionTokens.IssueAsync(tenantId, session.Id, contract, cancellationToken),
                    session.TrustedDevice,
                    codes)
                : new ApiSignInOutcome.HandleEnded();
    }

    /// <summary>The handle of the call, made if there is none.</summary>
    private async Task<(NewHandle Handle, Guid UserId)> HandleAsync(
        Call call, TimeSpan lifetime, string? completedTicket, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.EnterTenantAsync(call.TenantId, cancellationToken);
        var flowId = call.Flow.Id;
        var userId = await scope.ServiceProvider.GetRequiredService<PortalDbContext>().Flows.AsNoTracking()
            .Where(flow => flow.Id == flowId)
            .Select(flow => flow.UserId)
            .SingleAsync(cancellationToken) ?? throw new InvalidOperationException("Nobody has proved yet who they are.");
        var handle = call.Handle ?? await scope.ServiceProvider.GetRequiredService<FlowHandles>()
            .CreateAsync(call.TenantId, call.Contract, flowId, userId, lifetime, completedTicket, cancellationToken);
        return (handle, userId);
    }

    private async Task<Guid> FindDecoyTenantAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return (await scope.ServiceProvider.GetRequiredService<TenantResolution>().FindDecoyAsync(cancellationToken))?.Id ?? Guid.Empty;
    }

    private sealed record Call(
        Guid TenantId, string Contract, FlowReference Flow, NewHandle? Handle, bool FetchesLater, RequestFacts Facts);
}
