using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Telemetry;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.SignIn;

/// <summary>
/// The only way through a sign-in, for pages, circuits and contracts alike. Each call works in a scope of its own, because a
/// circuit lives longer than a database context may.
/// </summary>
public sealed class SignInRunner(IServiceScopeFactory scopes, PortalMetrics metrics, TimeProvider time)
{
    /// <summary>How long a person is asked to wait when there is more to hash than the portal can.</summary>
    public static readonly TimeSpan BusyDelay = TimeSpan.FromSeconds(5);

    /// <summary>Starts a flow, with the address that somebody says is theirs or with a passkey that says whose it is.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="bindingHash">SHA-256 of the browser's binding cookie.</param>
    /// <param name="returnUrl">Where the person was going; what <see cref="ReturnUrl.Check"/> refuses is dropped.</param>
    /// <param name="input">A step that the table offers at the start.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; no flow is left behind.</param>
    public async Task<SignInOutcome> BeginAsync(
        Guid tenantId,
        string bindingHash,
        string? returnUrl,
        StepInput input,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.EnterTenantAsync(tenantId, cancellationToken) is not { } tenant)
        {
            return new SignInOutcome.Expired(null);
        }

        var now = time.GetUtcNow();
        var flow = new FlowRecord
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenantId,
            BindingHash = bindingHash,
            ReturnUrl = SignIn.ReturnUrl.Check(returnUrl),
            CreatedAt = now,
            ExpiresAt = now + SignInFlow.Lifetime,
        };
        if (!SignInFlow.Offers(flow.State, input.Step))
        {
            return new SignInOutcome.Expired(null);
        }

        var step = StepFor(scope, input.Step);
        var context = new StepContext(flow, null, tenant);
        var result = await step.VerifyAsync(context, input, cancellationToken);
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        if (result is StepResult.Accepted accepted)
        {
            database.Flows.Add(flow);
            switch (await scope.ServiceProvider.GetRequiredService<SignInCommitter>()
                .CommitAsync(flow, step, accepted, accepted.Person, tenant, facts, cancellationToken))
            {
                case CommitResult.Done(var outcome):
                    return outcome;
                case CommitResult.Refused(var code):
                    result = new StepResult.Refused(code);
                    break;
            }
        }

        var refusal = ((StepResult.Refused)result).Code;
        metrics.SignInRefused(tenant.Slug, step, refusal);
        await step.NoteRefusalAsync(context, input, refusal, facts, cancellationToken);
        await database.SaveChangesAsync(cancellationToken);
        return new SignInOutcome.Rejected(
            flow.ToView() with
            {
                FlowId = Guid.Empty,
                Identifier = (input as StepInput.Identify)?.Address,
                Rejection = refusal,
                RejectedStep = input.Step,
            },
            []);
    }

    /// <summary>Tries a step.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="reference">The flow, and the proof that it is this browser's.</param>
    /// <param name="input">What was given.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; a guess under way then counts as a wrong one.</param>
    public async Task<SignInOutcome> AdvanceAsync(
        Guid tenantId, FlowReference reference, StepInput input, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        using var activity = metrics.Source.StartActivity("sign_in.step")?.SetTag("sign_in.step", input.Step.ToString());
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.EnterTenantAsync(tenantId, cancellationToken) is not { } tenant)
        {
            return new SignInOutcome.Expired(null);
        }

        activity?.SetTag("tenant", tenant.Slug);
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var flow = await FindFlowAsync(database, reference, cancellationToken);
        if (flow is null || flow.ExpiresAt <= time.GetUtcNow() || flow.State == SignInState.Completed)
        {
            return new SignInOutcome.Expired(flow?.Identifier);
        }

        if (!SignInFlow.Offers(flow.State, input.Step))
        {
            return new SignInOutcome.Continue(await Views(scope).CreateAsync(flow, tenant, cancellationToken));
        }

        if (Missing(input) is { } missing)
        {
            return await RefuseAsync(scope, flow, tenant, input, missing, retryAfter: null, [], cancellationToken);
        }

        var step = StepFor(scope, input.Step);
        if (!step.IsReady())
        {
            metrics.SignInRefused(tenant.Slug, step, RejectionCode.Busy);
            return await PutOffAsync(scope, flow, tenant, input, cancellationToken);
        }

        return await TryStepAsync(scope, flow, tenant, step, input, facts, cancellationToken);
    }

    /// <summary>Where a flow stands, for a page that is loaded.</summary>
    /// <returns><see cref="SignInOutcome.Continue"/> or <see cref="SignInOutcome.Expired"/>.</returns>
    public async Task<SignInOutcome> ShowAsync(Guid tenantId, FlowReference reference, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        if (await scope.EnterTenantAsync(tenantId, cancellationToken) is not { } tenant)
        {
            return new SignInOutcome.Expired(null);
        }

        var flow = await FindFlowAsync(scope.ServiceProvider.GetRequiredService<PortalDbContext>(), reference, cancellationToken);
        return flow is null || flow.ExpiresAt <= time.GetUtcNow() || flow.State == SignInState.Completed
            ? new SignInOutcome.Expired(flow?.Identifier)
            : new SignInOutcome.Continue(await Views(scope).CreateAsync(flow, tenant, cancellationToken));
    }

    private static SignInViews Views(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<SignInViews>();

    /// <summary>An empty field is no guess: it is said, and not counted.</summary>
    private static RejectionCode? Missing(StepInput input) => input switch
    {
        StepInput.Password { Value: null or "" } => RejectionCode.PasswordMissing,
        StepInput.Passkey { Answer.CredentialJson: null or "" } or StepInput.PasskeyRegistration { Answer.CredentialJson: null or "" } =>
            RejectionCode.PasskeyNotAccepted,
        StepInput.Totp { Code: null or "" } or StepInput.TotpConfirmation { Code: null or "" }
            or StepInput.SignInCode { Code: null or "" } or StepInput.EmailCode { Code: null or "" } or StepInput.RecoveryCode { Code: null or "" } => RejectionCode.CodeMissing,
        _ => null,
    };

    private async Task<SignInOutcome> TryStepAsync(
        AsyncServiceScope scope,
        FlowRecord flow,
        TenantProfile tenant,
        ISignInStep step,
        StepInput input,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var reservations = scope.ServiceProvider.GetRequiredService<AttemptReservations>();
        var subject = AttemptReservations.SubjectOf(flow);
        var reservation = step.CountedFactor is { } factor
            ? await reservations.ReserveAsync(flow.TenantId, factor, subject, cancellationToken)
            : AttemptReservation.Granted;
        if (reservation.Kind == AttemptReservationKind.Blocked)
        {
            metrics.SignInRefused(tenant.Slug, step, RejectionCode.TooManyAttempts);
            return await RefuseAsync(scope, flow, tenant, input, RejectionCode.TooManyAttempts, reservation.RetryAfter, [], cancellationToken);
        }

        var user = await FindUserAsync(database, flow, cancellationToken);
        var eligible = reservation.Kind == AttemptReservationKind.Ended || user?.DisabledAt is not null ? null : user;

        // Whoever has proved who they are may have been disabled since, and what they proved it with replaced.
        if (flow.UserId is not null && (eligible is null || eligible.PasswordChangedAt > flow.CreatedAt))
        {
            return new SignInOutcome.Expired(flow.Identifier);
        }

        var result = await step.VerifyAsync(new StepContext(flow, eligible, tenant), input, cancellationToken);
        if (result is StepResult.Accepted accepted)
        {
            switch (await scope.ServiceProvider.GetRequiredService<SignInCommitter>()
                .CommitAsync(flow, step, accepted, accepted.Person ?? eligible, tenant, facts, cancellationToken))
            {
                case CommitResult.Done(var outcome):
                    return outcome;
                case CommitResult.Refused(var code):
                    result = new StepResult.Refused(code);
                    break;
            }
        }

        if (result is not StepResult.Refused refused)
        {
            if (step.CountedFactor is { } reserved && reservation.Kind == AttemptReservationKind.Granted)
            {
                await reservations.ReturnAsync(reserved, subject, cancellationToken);
            }

            metrics.SignInRefused(tenant.Slug, step, RejectionCode.Busy);
            return await RefuseAsync(scope, flow, tenant, input, RejectionCode.Busy, BusyDelay, [], cancellationToken);
        }

        metrics.SignInRefused(tenant.Slug, step, refused.Code);
        if (step.CountedFactor is { } counted)
        {
            var reason = reservation.Kind == AttemptReservationKind.Ended ? "factor_ended"
                : user is null ? "unknown_account"
                : eligible is null ? "account_disabled"
                : "wrong_secret";
            scope.ServiceProvider.GetRequiredService<SecurityEventWriter>().Record(
                database,
                flow.TenantId,
                SecurityEventKind.VerificationOf(counted),
                SecurityEventOutcome.Refused,
                facts,
                subjectId: user?.Id,
                reason: reason);
        }

        await step.NoteRefusalAsync(new StepContext(flow, eligible, tenant), input, refused.Code, facts, cancellationToken);
        return await RefuseAsync(scope, flow, tenant, input, refused.Code, retryAfter: null, refused.Problems, cancellationToken);
    }

    /// <summary>
    /// Refuses at once, and writes nothing: in a storm of sign-ins the machine is to be spent on those that are let through.
    /// </summary>
    private async Task<SignInOutcome> PutOffAsync(
        AsyncServiceScope scope, FlowRecord flow, TenantProfile tenant, StepInput input, CancellationToken cancellationToken) => new SignInOutcome.Throttled(
            await Views(scope).CreateAsync(flow, tenant, cancellationToken) with
            {
                Rejection = RejectionCode.Busy,
                RejectedStep = input.Step,
                RetryAt = time.GetUtcNow() + BusyDelay,
                Remember = RememberOf(input, flow),
            },
            BusyDelay);

    private static bool RememberOf(StepInput input, FlowRecord flow) =>
        (input as StepInput.Password)?.Remember ?? (input as StepInput.SignInCode)?.Remember ?? flow.Remember;

    /// <summary>
    /// Notes a refusal beside the flow, so that a page that is loaded anew says it again. Only the note is written: a step that
    /// was accepted at the same time stands.
    /// </summary>
    private async Task<SignInOutcome> RefuseAsync(
        AsyncServiceScope scope,
        FlowRecord flow,
        TenantProfile tenant,
        StepInput input,
        RejectionCode code,
        TimeSpan? retryAfter,
        IReadOnlyList<Passwords.PasswordProblem> problems,
        CancellationToken cancellationToken)
    {
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        DateTimeOffset? retryAt = retryAfter is { } wait ? time.GetUtcNow() + wait : null;
        var remember = RememberOf(input, flow);
        await database.SaveChangesAsync(cancellationToken);
        await database.Flows
            .Where(f => f.Id == flow.Id && f.State == flow.State)
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(f => f.Rejection, code)
                    .SetProperty(f => f.RejectedStep, input.Step)
                    .SetProperty(f => f.RetryAt, retryAt)
                    .SetProperty(f => f.Remember, remember),
                cancellationToken);
        var view = await Views(scope).CreateAsync(flow, tenant, cancellationToken) with
        {
            Rejection = code,
            RejectedStep = input.Step,
            RetryAt = retryAt,
            Remember = remember,
        };
        return retryAfter is { } delay
            ? new SignInOutcome.Throttled(view, delay)
            : new SignInOutcome.Rejected(view, problems);
    }

    private static Task<FlowRecord?> FindFlowAsync(PortalDbContext database, FlowReference reference, CancellationToken cancellationToken) =>
        CompiledQueries<Queries>.For(database).Flow(database, reference.Id, reference.BindingHash, cancellationToken);

    private static Task<PortalUser?> FindUserAsync(PortalDbContext database, FlowRecord flow, CancellationToken cancellationToken)
    {
        if (flow.UserId is { } id)
        {
            return CompiledQueries<Queries>.For(database).UserById(database, id, cancellationToken);
        }

        var name = EmailAddress.Normalize(flow.Identifier ?? "");
        return CompiledQueries<Queries>.For(database).UserByName(database, name, cancellationToken);
    }

    private static ISignInStep StepFor(AsyncServiceScope scope, SignInStep step) =>
        scope.ServiceProvider.GetServices<ISignInStep>().Single(candidate => candidate.Step == step);

    private sealed class Queries
    {
        public Func<PortalDbContext, Guid, string, CancellationToken, Task<FlowRecord?>> Flow { get; } = EF.CompileAsyncQuery(
            (PortalDbContext database, Guid id, string bindingHash, CancellationToken _) =>
                database.Flows.SingleOrDefault(flow => flow.Id == id && flow.BindingHash == bindingHash));

        public Func<PortalDbContext, Guid, CancellationToken, Task<PortalUser?>> UserById { get; } = EF.CompileAsyncQuery(
            (PortalDbContext database, Guid id, CancellationToken _) => database.Users.SingleOrDefault(user => user.Id == id));

        public Func<PortalDbContext, string, CancellationToken, Task<PortalUser?>> UserByName { get; } = EF.CompileAsyncQuery(
            (PortalDbContext database, string name, CancellationToken _) => database.Users.SingleOrDefault(user => user.NormalizedUserName == name));
    }
}
