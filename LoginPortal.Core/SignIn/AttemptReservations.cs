using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.SignIn;

/// <summary>
/// Counts a guess as wrong before it is evaluated, in one conditional update, and takes it back when it was right. Parallel
/// guesses, on one node or many, therefore never see more tries than there are.
/// </summary>
/// <remarks>
/// Four wrong guesses are free. From the fifth on each is followed by a wait that doubles from 15 seconds to half an hour.
/// The hundredth ends the factor until it is reset: from then on no guess is evaluated, and each is answered as a wrong one.
/// </remarks>
public sealed class AttemptReservations(PortalDbContext database, TimeProvider time)
{
    /// <summary>Guesses evaluated before the first wait.</summary>
    public const int FreeAttempts = 5;

    /// <summary>Guesses after which a factor is ended until it is reset.</summary>
    public const int EndedAt = 100;

    /// <summary>How often a reservation is tried anew when others change the counter in between.</summary>
    private const int Rounds = 3;

    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(30);

    /// <summary>The name under which guesses at the account behind <paramref name="address"/> are counted.</summary>
    public static string SubjectOf(string address) => Secret.Hash(EmailAddress.Normalize(address));

    /// <summary>The name under which guesses in <paramref name="flow"/> are counted: the person once they are known, else what was typed.</summary>
    public static string SubjectOf(FlowRecord flow)
    {
        ArgumentNullException.ThrowIfNull(flow);
        return flow.UserId is { } userId ? userId.ToString("N") : SubjectOf(flow.Identifier ?? "");
    }

    /// <summary>The wait after the wrong guess with this number; zero for the free ones.</summary>
    public static TimeSpan DelayAfter(int failures) => failures < FreeAttempts
        ? TimeSpan.Zero
        : TimeSpan.FromTicks(Math.Min(LongestDelay.Ticks, FirstDelay.Ticks << Math.Min(failures - FreeAttempts, 10)));

    /// <summary>Reserves one guess.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="factor">One of <see cref="AttemptFactor"/>.</param>
    /// <param name="subject">The account, from <c>SubjectOf</c>.</param>
    /// <param name="cancellationToken">Gives up; the guess may then count.</param>
    public async Task<AttemptReservation> ReserveAsync(Guid tenantId, string factor, string subject, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        for (var round = 0; round < Rounds; round++)
        {
            // The first guess is by far the commonest, and is one statement. If somebody else is first at the same time, the update finds theirs.
            if (await database.TryInsertAttemptCounterAsync(tenantId, factor, subject, now, cancellationToken)
                || await TryCountAsync(factor, subject, now, cancellationToken))
            {
                return AttemptReservation.Granted;
            }

            var counter = await database.AttemptCounters.AsNoTracking()
                .Where(c => c.Factor == factor && c.Subject == subject)
                .Select(c => new { c.Failures, c.BlockedUntil })
                .SingleOrDefaultAsync(cancellationToken);
            if (counter is { Failures: >= EndedAt })
            {
                return AttemptReservation.Ended;
            }

            if (counter is { BlockedUntil: { } until } && until > now)
            {
                return new AttemptReservation(AttemptReservationKind.Blocked, until - now);
            }

            // Between the two statements the counter was cleared by a right guess, or set free: what was found is no longer so.
        }

        return new AttemptReservation(AttemptReservationKind.Blocked, TimeSpan.FromSeconds(1));
    }

    /// <summary>The guess was right: the counter starts again at zero.</summary>
    public Task ClearAsync(string factor, string subject, CancellationToken cancellationToken) => database.AttemptCounters
        .Where(c => c.Factor == factor && c.Subject == subject)
        .ExecuteDeleteAsync(cancellationToken);

    /// <summary>The guess was not evaluated after all: it is given back, and with it a wait that it caused.</summary>
    public Task ReturnAsync(string factor, string subject, CancellationToken cancellationToken) => database.AttemptCounters
        .Where(c => c.Factor == factor && c.Subject == subject && c.Failures > 0)
        .ExecuteUpdateAsync(
            update => update
                .SetProperty(c => c.Failures, c => c.Failures - 1)
                .SetProperty(c => c.BlockedUntil, (DateTimeOffset?)null),
            cancellationToken);

    private async Task<bool> TryCountAsync(string factor, string subject, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? until5 = now + DelayAfter(5), until6 = now + DelayAfter(6), until7 = now + DelayAfter(7),
            until8 = now + DelayAfter(8), until9 = now + DelayAfter(9), until10 = now + DelayAfter(10),
            until11 = now + DelayAfter(11), later = now + LongestDelay;
        var changed = await database.AttemptCounters
            .Where(c => c.Factor == factor && c.Subject == subject && c.Failures < EndedAt
                && (c.BlockedUntil == null || c.BlockedUntil <= now))
            .ExecuteUpdateAsync(
                update => update
                    .SetProperty(c => c.Failures, c => c.Failures + 1)
                    .SetProperty(c => c.LastAttemptAt, now)
                    .SetProperty(
                        c => c.BlockedUntil,
                        c => c.Failures < 4 ? null
                            : c.Failures == 4 ? until5
                            : c.Failures == 5 ? until6
                            : c.Failures == 6 ? until7
                            : c.Failures == 7 ? until8
                            : c.Failures == 8 ? until9
                            : c.Failures == 9 ? until10
                            : c.Failures == 10 ? until11
                            : later),
                cancellationToken);
        return changed == 1;
    }
}

/// <summary>Whether a guess may be evaluated.</summary>
/// <param name="Kind">The answer.</param>
/// <param name="RetryAfter">How long to wait where it is <see cref="AttemptReservationKind.Blocked"/>.</param>
public sealed record AttemptReservation(AttemptReservationKind Kind, TimeSpan RetryAfter)
{
    /// <summary>It may.</summary>
    public static AttemptReservation Granted { get; } = new(AttemptReservationKind.Granted, TimeSpan.Zero);

    /// <summary>Never again until the factor is reset.</summary>
    public static AttemptReservation Ended { get; } = new(AttemptReservationKind.Ended, TimeSpan.Zero);
}

/// <summary>The answers to a reservation.</summary>
public enum AttemptReservationKind
{
    /// <summary>The guess is counted and may be evaluated.</summary>
    Granted = 0,

    /// <summary>Not now.</summary>
    Blocked = 1,

    /// <summary>Never again until the factor is reset; answer as if the guess were wrong.</summary>
    Ended = 2,
}
