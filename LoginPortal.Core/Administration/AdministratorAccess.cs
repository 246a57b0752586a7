using LoginPortal.Core.Accounts;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Core.Administration;

/// <summary>
/// The one gate to everything that administrators do. Each call asks the database at that moment whether the session is live, what the
/// person may do, and whether the sign-in is fresh and as strong as that person's can be.
/// </summary>
public sealed class AdministratorAccess(OwnAccounts accounts, TimeProvider time)
{
    /// <summary>How long after signing in an administrator works without proving anew who they are.</summary>
    public static readonly TimeSpan FreshFor = TimeSpan.FromHours(1);

    internal Task<AdministrationResult<TResult>> RunAsync<TResult>(
        AdministratorSession session,
        AdministrationRight right,
        Func<Administrator, CancellationToken, Task<TResult>> work,
        CancellationToken cancellationToken) => accounts.RunAsync<AdministrationResult<TResult>>(
            session.TenantId,
            session.SessionId,
            needsFresh: false,
            async (account, cancellation) =>
            {
                if (!Has(account, right))
                {
                    return AdministrationRefusal.NotAllowed;
                }

                return await IsProvedAsync(account, cancellation)
                    ? await work(new Administrator(account, session.Facts), cancellation)
                    : AdministrationRefusal.SignInNeeded;
            },
            AdministrationRefusal.SignedOut,
            AdministrationRefusal.SignInNeeded,
            cancellationToken);

    private static bool Has(OwnAccount account, AdministrationRight right) => right switch
    {
        AdministrationRight.Tenant => account.User.Role is PortalRole.TenantAdministrator or PortalRole.PlatformOperator,
        _ => account.User.Role == PortalRole.PlatformOperator && account.Tenant.Slug == TenantSlug.Platform,
    };

    private async Task<bool> IsProvedAsync(OwnAccount account, CancellationToken cancellationToken)
    {
        if (time.GetUtcNow() - account.Session.AuthenticatedAt > FreshFor)
        {
            return false;
        }

        // Somebody who let a browser stand in for the second factor has one, and has not shown it.
        return account.Session.AuthenticationContextClass == Assurance.MultiFactor
            || !(await account.Get<SecondFactors>()
                .OfAsync(account.User, account.Tenant.Policy, [AuthenticationMethod.Password], cancellationToken)).IsAsked;
    }
}

/// <summary>Who asks for something that only an administrator may have.</summary>
/// <param name="TenantId">The tenant that is administered: their own.</param>
/// <param name="SessionId">Their session.</param>
/// <param name="Facts">Where the request came from.</param>
public sealed record AdministratorSession(Guid TenantId, Guid SessionId, RequestFacts Facts);

/// <summary>What somebody must be for an action.</summary>
public enum AdministrationRight
{
    /// <summary>An administrator of the tenant.</summary>
    Tenant = 0,

    /// <summary>An operator of the platform, signed in to the platform's own tenant.</summary>
    Platform = 1,
}

/// <summary>Why an administrator's wish was not looked at.</summary>
public enum AdministrationRefusal
{
    /// <summary>The session is no longer live.</summary>
    SignedOut = 0,

    /// <summary>The person is no administrator of this.</summary>
    NotAllowed = 1,

    /// <summary>The person must sign in anew, with the strongest factor they have: see <see cref="AdministratorAccess.FreshFor"/>.</summary>
    SignInNeeded = 2,
}

/// <summary>What an administrator's wish came to. A closed family.</summary>
/// <typeparam name="T">What the wish is answered with.</typeparam>
public abstract record AdministrationResult<T>
{
    private AdministrationResult()
    {
    }

    /// <summary>It was looked at.</summary>
    /// <param name="Value">The answer.</param>
    public sealed record Answered(T Value) : AdministrationResult<T>;

    /// <summary>It was not looked at.</summary>
    /// <param name="Reason">Why.</param>
    public sealed record Refused(AdministrationRefusal Reason) : AdministrationResult<T>;

    /// <summary>An answer.</summary>
    public static implicit operator AdministrationResult<T>(T value) => new Answered(value);

    /// <summary>A refusal.</summary>
    public static implicit operator AdministrationResult<T>(AdministrationRefusal reason) => new Refused(reason);
}

/// <summary>An administrator at work, in a scope of their tenant.</summary>
internal sealed record Administrator(OwnAccount Account, RequestFacts Facts)
{
    public PortalDbContext Database => Account.Database;

    public TenantProfile Tenant => Account.Tenant;

    public PortalUser User => Account.User;

    public T Get<T>()
        where T : notnull => Account.Get<T>();

    /// <summary>Notes what was done, in the transaction of what was done.</summary>
    /// <param name="kind">One of <see cref="SecurityEventKind"/>.</param>
    /// <param name="subjectId">Whose account, or what, it was done to.</param>
    /// <param name="differences">What was changed.</param>
    /// <param name="reason">A stable code, where the kind does not say it all.</param>
    public void Record(string kind, Guid? subjectId = null, IReadOnlyList<AuditDifference>? differences = null, string? reason = null) =>
        Get<SecurityEventWriter>().Record(
            Database,
            Tenant.Id,
            kind,
            SecurityEventOutcome.Success,
            Facts,
            subjectId,
            actorId: User.Id,
            sessionId: Account.Session.Id,
            reason: reason,
            differences: differences);
}
