using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.SignIn;

/// <summary>
/// The short transaction after an accepted step: what the step changes, where the flow goes next, and, where it ends, the
/// session with its handoff ticket and the audit event. All of it is saved, or nothing.
/// </summary>
internal sealed class SignInCommitter(
    PortalDbContext database, AttemptReservations reservations, SecurityEventWriter events, TimeProvider time)
{
    public async Task<SignInOutcome> CommitAsync(
        FlowRecord flow,
        ISignInStep step,
        StepResult.Accepted accepted,
        PortalUser? user,
        TenantProfile tenant,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            await accepted.CommitAsync(new StepCommit(database, flow, user, facts), cancellationToken);
            if (step.CountedFactor is { } factor)
            {
                await reservations.ClearAsync(factor, AttemptReservations.SubjectOf(flow.Identifier ?? ""), cancellationToken);
            }

            var now = time.GetUtcNow();
            flow.State = SignInFlow.Next(flow.State, step.Step, guard => Holds(guard, flow, user, tenant, now));
            flow.Rejection = null;
            flow.RetryAt = null;
            flow.Version++;
            if (flow.State == SignInState.Completed && !await NoteSignInAsync(user!, now, cancellationToken))
            {
                return new SignInOutcome.Expired(flow.Identifier);
            }

            SignInOutcome outcome = flow.State == SignInState.Completed
                ? Complete(flow, tenant, facts, now)
                : new SignInOutcome.Continue(flow.ToView());
            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return outcome;
        }
        catch (DbUpdateConcurrencyException)
        {
            // Another request moved this flow on at the same moment. Its result stands and this one changes nothing.
            database.ChangeTracker.Clear();
            var current = await database.Flows.AsNoTracking().SingleOrDefaultAsync(f => f.Id == flow.Id, cancellationToken);
            return current is null or { State: SignInState.Completed }
                ? new SignInOutcome.Expired(current?.Identifier)
                : new SignInOutcome.Continue(current.ToView());
        }
    }

    private static bool Holds(SignInGuard guard, FlowRecord flow, PortalUser? user, TenantProfile tenant, DateTimeOffset now) => guard switch
    {
        SignInGuard.EmailNotVerified => user is { EmailConfirmed: false },
        SignInGuard.PasswordMustChange => user is { PasswordChangeRequired: true },
        SignInGuard.SecondFactorOwed =>
            tenant.Policy.RequiresSecondFactorAt(now) && Assurance.Of(flow.AuthenticationMethods) != Assurance.MultiFactor,
        _ => throw new InvalidOperationException($"{guard} is not a question."),
    };

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
            sessionId: session.Id);
        return new SignInOutcome.Completed(session.Id, ticket, flow.ReturnUrl);
    }
}
