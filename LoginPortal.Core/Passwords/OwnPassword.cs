using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Passwords;

/// <summary>A new password for a signed-in person of the current tenant who knows the present one.</summary>
public sealed class OwnPassword(
    PortalDbContext database, PasswordChanges changes, PasswordHashing hashing, AttemptReservations reservations, TenantContext tenant)
{
    /// <summary>
    /// Compares the present password, counted like any guess at it, and sets the new one. Every other session ends, and every trusted device.
    /// </summary>
    /// <param name="userId">The person.</param>
    /// <param name="sessionId">The session that stays.</param>
    /// <param name="present">The present password as typed.</param>
    /// <param name="next">The new one as typed.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; a guess under way then counts as a wrong one.</param>
    public async Task<OwnPasswordResult> ChangeAsync(
        Guid userId, Guid sessionId, string? present, string? next, RequestFacts facts, CancellationToken cancellationToken)
    {
        var user = await database.Users.SingleAsync(u => u.Id == userId, cancellationToken);
        var subject = AttemptReservations.SubjectOf(user.Email ?? "");
        var reservation = await reservations.ReserveAsync(tenant.Required.Id, AttemptFactor.Password, subject, cancellationToken);
        if (reservation.Kind == AttemptReservationKind.Blocked)
        {
            return new OwnPasswordResult.Throttled(reservation.RetryAfter);
        }

        switch (await hashing.CompareAsync(
            reservation.Kind == AttemptReservationKind.Granted ? user.PasswordHash : null, present, cancellationToken))
        {
            case PasswordComparison.Busy:
                await reservations.ReturnAsync(AttemptFactor.Password, subject, cancellationToken);
                return new OwnPasswordResult.Throttled(SignInRunner.BusyDelay);
            case PasswordComparison.Different:
                return new OwnPasswordResult.PresentIsWrong();
        }

        await reservations.ClearAsync(AttemptFactor.Password, subject, cancellationToken);
        return await changes.PrepareAsync(user, next, tenant.Required, cancellationToken) switch
        {
            PasswordChange.Refused(var problems) => new OwnPasswordResult.NotAllowed(problems),
            PasswordChange.Unchanged => new OwnPasswordResult.Unchanged(),
            PasswordChange.Ready(var hash) => await ApplyAsync(user, sessionId, hash, facts, cancellationToken),
            _ => new OwnPasswordResult.Throttled(SignInRunner.BusyDelay),
        };
    }

    private async Task<OwnPasswordResult> ApplyAsync(
        PortalUser user, Guid sessionId, string hash, RequestFacts facts, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            await changes.ApplyAsync(database, tenant.Required, user, hash, facts, reason: null, sessionId, cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new OwnPasswordResult.Done();
        }
        catch (DbUpdateConcurrencyException)
        {
            // The account was changed at the same moment; everything was rolled back.
            return new OwnPasswordResult.Throttled(SignInRunner.BusyDelay);
        }
    }
}

/// <summary>What became of one's own new password. A closed family.</summary>
public abstract record OwnPasswordResult
{
    private OwnPasswordResult()
    {
    }

    /// <summary>It is the password now.</summary>
    public sealed record Done : OwnPasswordResult;

    /// <summary>The present password is another.</summary>
    public sealed record PresentIsWrong : OwnPasswordResult;

    /// <summary>The new password breaks rules.</summary>
    /// <param name="Problems">Which.</param>
    public sealed record NotAllowed(IReadOnlyList<PasswordProblem> Problems) : OwnPasswordResult;

    /// <summary>The new password is the present one.</summary>
    public sealed record Unchanged : OwnPasswordResult;

    /// <summary>It was not tried: too many wrong guesses, or too much work at once.</summary>
    /// <param name="RetryAfter">How long to wait.</param>
    public sealed record Throttled(TimeSpan RetryAfter) : OwnPasswordResult;
}
