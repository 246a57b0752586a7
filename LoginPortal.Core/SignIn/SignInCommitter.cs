using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Recovery;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Telemetry;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.SignIn;

/// <summary>
/// The short transaction after an accepted step: what the step changes, where the flow goes next, and, where it ends, the
/// session with its handoff ticket and the audit event. All of it is saved, or nothing.
/// </summary>
internal sealed class SignInCommitter(
    PortalDbContext database,
    AttemptReservations reservations,
    SecondFactors secondFactors,
    SignInViews views,
    AddressVerification verification,
    SecurityEventWriter events,
    PortalMetrics metrics,
    TimeProvider time)
{
    public async Task<CommitResult> CommitAsync(
        FlowRecord flow,
        ISignInStep step,
        StepResult.Accepted accepted,
        PortalUser? user,
        TenantProfile tenant,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        // Whatever fails here rolls everything back.
        database.Database.AutoSavepointsEnabled = false;
        try
        {
            await using var transaction = accepted.ChangesFlowAlone ? null : await database.Database.BeginTransactionAsync(cancellationToken);
            var subject = AttemptReservations.SubjectOf(flow);
            var commit = new StepCommit(database, flow, user, tenant, facts);
            if (await accepted.CommitAsync(commit, cancellationToken) is { } refusal)
            {
                if (transaction is not null)
                {
                    await transaction.RollbackAsync(cancellationToken);
                }

                database.ChangeTracker.Clear();
                return new CommitResult.Refused(refusal);
            }

            if (step.CountedFactor is { } factor)
            {
                await reservations.ClearAsync(factor, subject, cancellationToken);
            }

            var now = time.GetUtcNow();
            var standing = user is null ? null : await secondFactors.OfAsync(user, tenant.Policy, flow.AuthenticationMethods, cancellationToken);
            flow.State = SignInFlow.Next(flow.State, step.Step, guard => Holds(guard, flow, user, standing));
            flow.Rejection = null;
            flow.RejectedStep = null;
            flow.RetryAt = null;
            flow.Version++;
            if (flow.State == SignInState.EmailVerification && step.Step is SignInStep.VerifyPassword or SignInStep.VerifyPasskey)
            {
                // Whoever comes back within a moment finds the mail that is on its way.
                await verification.SendAsync(database, tenant, user!, facts.Language, cancellationToken);
            }

            if (flow.State == SignInState.Completed && !await NoteSignInAsync(user!, now, cancellationToken))
            {
                return new CommitResult.Done(new SignInOutcome.Expired(flow.Identifier));
            }

            var completed = flow.State == SignInState.Completed ? Complete(flow, tenant, facts, now) : null;
            await database.SaveChangesAsync(cancellationToken);
            if (transaction is not null)
            {
                await transaction.CommitAsync(cancellationToken);
            }

            if (completed is not null)
            {
                metrics.SignInCompleted(tenant.Slug, flow.AuthenticationMethods);
            }

            return new CommitResult.Done(completed is not null
                ? completed
                : new SignInOutcome.Continue(await views.CreateAsync(flow, tenant, cancellationToken) with { RecoveryCodes = commit.RecoveryCodes }));
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another request moved this flow on at the same moment. Its result stands and this one changes nothing.
            database.ChangeTracker.Clear();
            var current = await database.Flows.AsNoTracking().SingleOrDefaultAsync(f => f.Id == flow.Id, cancellationToken);
            return new CommitResult.Done(current is null or { State: SignInState.Completed }
                ? new SignInOutcome.Expired(current?.Identifier)
                : new SignInOutcome.Continue(await views.CreateAsync(current, tenant, cancellationToken)));
        }
    }

    private static bool Holds(SignInGuard guard, FlowRecord flow, PortalUser? user, SecondFactorStanding? standing)
    {
        var isProvedTwice = flow.SecondFactorExempt || Assurance.Of(flow.AuthenticationMethods) == Assurance.MultiFactor;
        return guard switch
        {
            SignInGuard.EmailNotVerified => user is { EmailConfirmed: false },
            SignInGuard.PasswordMustChange => user is { PasswordChangeRequired: true },
            SignInGuard.SecondFactorAsked => !isProvedTwice && standing is { IsAsked: true },
            SignInGuard.SecondFactorOwed => !isProvedTwice && standing is { IsOwed: true },
            SignInGuard.SecondFactorAnnounced => !isProvedTwice && standing is { IsAnnounced: true },
            _ => throw new InvalidOperationException($"{guard} is not a question."),
        };
    }

    /// <summary>
    /// Writes the time of the sign-in, and with that locks the person's row. <see langword="false"/> if the password was changed or the
    /// account disabled since it was read: the sign-in must not outlive that.
    /// </summary>
    private async Task<bool> NoteSignInAsync(PortalUser user, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (id, stamp) = (user.Id, user.SecurityStamp);
        return await database.Users
            .Where(u => u.Id == id && u.SecurityStamp == stamp && u.DisabledAt == null)
            .ExecuteUpdateAsync(u => u.SetProperty(x => x.LastSignInAt, now), cancellationToken) == 1;
    }

    private SignInOutcome.Completed Complete(FlowRecord flow, TenantProfile tenant, RequestFacts facts, DateTimeOffset now)
    {
        var userId = flow.UserId ?? throw new InvalidOperationException("A flow completed without a person.");
        var policy = tenant.Policy;
        var lifetime = flow.Remember ? policy.RememberedSessionLifetime : policy.SessionLifetime;
        var session = new Session
        {
            Id = Guid.CreateVersion7(now),
            TenantId = flow.TenantId,
            UserId = userId,
            CreatedAt = now,
            AuthenticatedAt = now,
            LastSeenAt = now,
            ExpiresAt = now + lifetime,
            IdleSeconds = (int)(flow.Remember ? lifetime : policy.SessionIdleTimeout).TotalSeconds,
            IsRemembered = flow.Remember,
            AuthenticationMethods = flow.AuthenticationMethods,
            AuthenticationContextClass = Assurance.Of(flow.AuthenticationMethods),
            IpAddress = facts.IpAddress,
            UserAgent = facts.UserAgent,
            DeviceLabel = DeviceLabel.From(facts.UserAgent),
        };
        var ticket = Secret.Create();
        database.Sessions.Add(session);
        database.HandoffTickets.Add(new HandoffTicket
        {
            TicketHash = Secret.Hash(ticket),
            TenantId = flow.TenantId,
            FlowId = flow.Id,
            SessionId = session.Id,
            BindingHash = flow.BindingHash,
            TrustDevice = flow.TrustDevice,
            ExpiresAt = now + HandoffTicket.Lifetime,
        });
        events.Record(
            database,
            flow.TenantId,
            SecurityEventKind.SignIn,
            SecurityEventOutcome.Success,
            facts,
            subjectId: userId,
            actorId: userId,
            sessionId: session.Id,
            reason: string.Join('+', flow.AuthenticationMethods));
        return new SignInOutcome.Completed(session.Id, ticket, flow.ReturnUrl);
    }
}

/// <summary>What became of a commit. A closed family.</summary>
internal abstract record CommitResult
{
    private CommitResult()
    {
    }

    /// <summary>It was saved, or another request was faster.</summary>
    /// <param name="Outcome">The answer.</param>
    public sealed record Done(SignInOutcome Outcome) : CommitResult;

    /// <summary>The step's secret had been spent a moment ago; nothing was saved.</summary>
    /// <param name="Code">Why it is refused.</param>
    public sealed record Refused(RejectionCode Code) : CommitResult;
}
