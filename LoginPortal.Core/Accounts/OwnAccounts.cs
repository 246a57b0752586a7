using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Accounts;

/// <summary>
/// Lets a signed-in person work on their own account. Each call works in a scope of its own, because a circuit lives longer than a database
/// context may, and asks the database at that moment whether the session is live and, where it matters, fresh.
/// </summary>
public sealed class OwnAccounts(IServiceScopeFactory scopes, TimeProvider time)
{
    internal async Task<TResult> RunAsync<TResult>(
        Guid tenantId,
        Guid sessionId,
        bool needsFresh,
        Func<OwnAccount, CancellationToken, Task<TResult>> work,
        TResult signedOut,
        TResult signInNeeded,
        CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        if (await scope.EnterTenantAsync(tenantId, cancellationToken) is not { } tenant)
        {
            return signedOut;
        }

        var database = services.GetRequiredService<PortalDbContext>();
        if (!await services.GetRequiredService<SessionService>().IsLiveAsync(sessionId, cancellationToken)
            || await database.Sessions.Include(s => s.User).SingleOrDefaultAsync(s => s.Id == sessionId, cancellationToken) is not { User: { } user } session)
        {
            return signedOut;
        }

        return needsFresh && time.GetUtcNow() - session.AuthenticatedAt > AccountSecurity.FreshFor
            ? signInNeeded
            : await work(new OwnAccount(services, database, tenant, user, session), cancellationToken);
    }
}

/// <summary>The person of a live session, in a scope of their tenant.</summary>
internal sealed record OwnAccount(
    IServiceProvider Services, PortalDbContext Database, TenantProfile Tenant, PortalUser User, Session Session)
{
    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public void Record(string kind, RequestFacts facts) => Get<SecurityEventWriter>().Record(
        Database, Tenant.Id, kind, SecurityEventOutcome.Success, facts, subjectId: User.Id, actorId: User.Id, sessionId: Session.Id);
}
