using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>
/// What happened in an administrator's tenant, counted by day. The database counts along one index that holds all that is counted, over 90 days at most.
/// A day is one of UTC, the same for everybody who looks.
/// </summary>
public sealed class SignInStatistics(AdministratorAccess access, TimeProvider time)
{
    /// <summary>The periods that can be asked for, in days, today included.</summary>
    public static readonly IReadOnlyList<int> Periods = [7, 30, 90];

    /// <summary>The counts of the last days, the oldest first; a day on which nothing happened is among them.</summary>
    /// <param name="session">Who asks.</param>
    /// <param name="days">One of <see cref="Periods"/>; any other is taken for the first.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<AdministrationResult<IReadOnlyList<DayCounts>>> CountAsync(AdministratorSession session, int days, CancellationToken cancellationToken) =>
        access.RunAsync(
            session,
            AdministrationRight.Tenant,
            (administrator, cancellation) => CountAsync(
                administrator.Database, administrator.Tenant.Id, Periods.Contains(days) ? days : Periods[0], cancellation),
            cancellationToken);

    private async Task<IReadOnlyList<DayCounts>> CountAsync(PortalDbContext database, Guid tenantId, int days, CancellationToken cancellationToken)
    {
        var today = DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);
        var first = today.AddDays(1 - days);
        var counted = await database.CountEventsByDayAsync(
            tenantId, Counted, new DateTimeOffset(first.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero), cancellationToken);
        var byDay = counted.ToLookup(row => DateOnly.FromDateTime(DateTimeOffset.UnixEpoch.AddDays(row.Day).UtcDateTime));
        return [.. Enumerable.Range(0, days).Select(first.AddDays).Select(day => DayOf(day, byDay[day]))];
    }

    private static readonly IReadOnlyList<string> Counted =
    [
        SecurityEventKind.SignIn,
        SecurityEventKind.PasskeyVerification,
        SecurityEventKind.VerificationOf(AttemptFactor.Password),
        SecurityEventKind.VerificationOf(AttemptFactor.Totp),
        SecurityEventKind.VerificationOf(AttemptFactor.RecoveryCode),
        SecurityEventKind.VerificationOf(AttemptFactor.EmailCode),
        SecurityEventKind.AuthenticatorAdded,
        SecurityEventKind.PasskeyAdded,
    ];

    private static DayCounts DayOf(DateOnly day, IEnumerable<EventCount> rows)
    {
        var counts = rows.ToList();
        var signIns = counts.FindAll(row => row.Kind == SecurityEventKind.SignIn && row.Outcome == SecurityEventOutcome.Success);
        return new DayCounts(
            day,
            signIns.Sum(row => row.Count),
            counts.Where(row => row.Outcome == SecurityEventOutcome.Refused).Sum(row => row.Count),
            OfWay(SignInWay.Password),
            OfWay(SignInWay.PasswordAndCode),
            OfWay(SignInWay.Passkey),
            OfWay(SignInWay.EmailCode),
            OfKind(SecurityEventKind.AuthenticatorAdded),
            OfKind(SecurityEventKind.PasskeyAdded));

        int OfWay(SignInWay way) => signIns.Where(row => WayOf(row.Reason) == way).Sum(row => row.Count);

        int OfKind(string kind) => counts.Where(row => row.Kind == kind && row.Outcome == SecurityEventOutcome.Success).Sum(row => row.Count);
    }

    /// <summary>How somebody signed in, from the methods that are noted with the event; those from before they were noted count as none of them.</summary>
    private static SignInWay? WayOf(string? methods) => methods?.Split('+') switch
    {
        null => null,
        var how when how.Contains(AuthenticationMethod.HardwareKey) || how.Contains(AuthenticationMethod.SoftwareKey) => SignInWay.Passkey,
        var how when how.Contains(AuthenticationMethod.Password) && how.Contains(AuthenticationMethod.OneTimePassword) => SignInWay.PasswordAndCode,
        var how when how.Contains(AuthenticationMethod.OneTimePassword) => SignInWay.EmailCode,
        _ => SignInWay.Password,
    };

    private enum SignInWay
    {
        Password,
        PasswordAndCode,
        Passkey,
        EmailCode,
    }
}

/// <summary>What happened on one day.</summary>
/// <param name="Day">The day, of UTC.</param>
/// <param name="SignIns">Sign-ins that came to their end.</param>
/// <param name="Failures">Secrets of whatever factor that were refused.</param>
/// <param name="ByPassword">Of the sign-ins, those with a password alone, trusted devices included.</param>
/// <param name="ByPasswordAndCode">Those with a password and a code.</param>
/// <param name="ByPasskey">Those with a passkey, alone or after a password.</param>
/// <param name="ByEmailCode">Those with a code by e-mail in place of a password.</param>
/// <param name="NewAuthenticators">Authenticator apps that were set up.</param>
/// <param name="NewPasskeys">Passkeys that were added.</param>
public sealed record DayCounts(
    DateOnly Day,
    int SignIns,
    int Failures,
    int ByPassword,
    int ByPasswordAndCode,
    int ByPasskey,
    int ByEmailCode,
    int NewAuthenticators,
    int NewPasskeys);
