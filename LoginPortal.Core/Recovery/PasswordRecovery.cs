using LoginPortal.Core.AccountRequests;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passwords;
using LoginPortal.Core.Setup;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Throttling;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Recovery;

/// <summary>
/// A new password for somebody who has forgotten theirs. Each call works in a scope of its own, because a circuit lives longer than a
/// database context may.
/// </summary>
public sealed class PasswordRecovery(IServiceScopeFactory scopes, PasswordChanges passwords, TimeProvider time)
{
    /// <summary>How long a link works.</summary>
    public static readonly TimeSpan LinkLifetime = TimeSpan.FromHours(1);

    /// <summary>How many links can be asked for from one network in an hour, for whatever addresses.</summary>
    public const int RequestsAnHour = 60;

    /// <summary>Takes the wish for a new password, of somebody who is in no sign-in.</summary>
    public Task<PasswordResetRequestResult> RequestAsync(Guid tenantId, string? address, RequestFacts facts, CancellationToken cancellationToken) =>
        RequestAsync(tenantId, address, flowId: null, facts, cancellationToken);

    /// <summary>Takes the wish for a new password. It is the same work and the same answer for every address; the mail follows a moment later.</summary>
    /// <param name="tenantId">The tenant.</param>
    /// <param name="address">The address as typed.</param>
    /// <param name="flowId">The sign-in that the person comes from: the link leads its own browser back to where that was going.</param>
    /// <param name="facts">Where the request came from.</param>
    /// <param name="cancellationToken">Gives up; nothing has been asked for then.</param>
    public async Task<PasswordResetRequestResult> RequestAsync(
        Guid tenantId, string? address, Guid? flowId, RequestFacts facts, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(facts);
        var trimmed = address?.Trim();
        if (!EmailAddress.IsWellFormed(trimmed))
        {
            return new PasswordResetRequestResult.AddressMalformed();
        }

        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        var now = time.GetUtcNow();
        if (await scope.EnterTenantAsync(tenantId, cancellationToken) is null)
        {
            return new PasswordResetRequestResult.Taken();
        }

        if (await NetworkAllowances.TryTakeAsync(
            database, tenantId, NetworkPurpose.PasswordReset, facts.IpAddress, RequestsAnHour, now, cancellationToken) is { } wait)
        {
            return new PasswordResetRequestResult.Throttled(wait);
        }

        database.AccountRequests.Add(new AccountRequest
        {
            Id = Guid.CreateVersion7(now),
            TenantId = tenantId,
            Kind = AccountRequestKind.PasswordReset,
            Address = trimmed!,
            FlowId = flowId,
            Language = facts.Language,
            IpAddress = facts.IpAddress,
            CreatedAt = now,
        });
        await database.SaveChangesAsync(cancellationToken);
        return new PasswordResetRequestResult.Taken();
    }

    /// <summary>The person whose link still works; looking consumes nothing.</summary>
    /// <returns><see langword="null"/> if it is unknown, spent, replaced or too old.</returns>
    public async Task<PasswordOwner?> FindOwnerAsync(Guid tenantId, string? token, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope.EnterTenantAsync(tenantId, cancellationToken) is not null
            && await FindUserAsync(Database(scope), token, cancellationToken) is { } user
                ? new PasswordOwner(user.Email ?? "", user.GivenName, user.FamilyName)
                : null;
    }

    /// <summary>The tenant of a link that works, where only its token and the person's address are known.</summary>
    /// <returns><see langword="null"/> if it does not work, or belongs to another address.</returns>
    public async Task<Guid?> FindTenantAsync(string? token, string address, CancellationToken cancellationToken)
    {
        var (hash, name, now) = (Secret.Hash(token ?? ""), EmailAddress.Normalize(address), time.GetUtcNow());
        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        return await database.OneTimeLinks.IgnoreQueryFilters()
            .Where(link => link.TokenHash == hash && link.Purpose == OneTimeLinkPurpose.PasswordReset && link.ExpiresAt > now)
            .Where(link => database.Users.IgnoreQueryFilters().Any(user => user.Id == link.SubjectId && user.NormalizedUserName == name))
            .Select(link => (Guid?)link.TenantId)
            .SingleOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// Spends the link and sets the password, both or neither. Every session and every trusted device ends, and the person is told by mail.
    /// Nobody is signed in by it: the sign-in that follows asks for the second factor as ever.
    /// </summary>
    public async Task<PasswordResetResult> ResetAsync(
        Guid tenantId, string? token, string? password, RequestFacts facts, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = Database(scope);
        if (await scope.EnterTenantAsync(tenantId, cancellationToken) is not { } tenant
            || await FindUserAsync(database, token, cancellationToken) is not { } user)
        {
            return new PasswordResetResult.LinkInvalid();
        }

        return await passwords.PrepareAsync(user, password, tenant, cancellationToken) switch
        {
            PasswordChange.Refused(var problems) => new PasswordResetResult.NotAllowed(problems),
            PasswordChange.Unchanged => new PasswordResetResult.Unchanged(),
            PasswordChange.Ready(var hash) => await ApplyAsync(scope.ServiceProvider, tenant, user, token, hash, facts, cancellationToken),
            _ => new PasswordResetResult.Busy(),
        };
    }

    private async Task<PasswordResetResult> ApplyAsync(
        IServiceProvider services,
        TenantProfile tenant,
        PortalUser user,
        string? token,
        string hash,
        RequestFacts facts,
        CancellationToken cancellationToken)
    {
        var database = services.GetRequiredService<PortalDbContext>();
        try
        {
            await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            if (!await AccountLinks.SpendAsync(database, token, OneTimeLinkPurpose.PasswordReset, time.GetUtcNow(), cancellationToken))
            {
                return new PasswordResetResult.LinkInvalid();
            }

            // The link came by mail, so the mailbox is theirs; and guesses that ended the old password say nothing of the new one.
            user.EmailConfirmed = true;
            await services.GetRequiredService<AttemptReservations>()
                .ClearAsync(AttemptFactor.Password, AttemptReservations.SubjectOf(user.Email!), cancellationToken);
            await passwords.ApplyAsync(database, tenant, user, hash, facts, "reset_link", keptSessionId: null, cancellationToken);
            await database.SaveChangesAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);
            return new PasswordResetResult.Done();
        }
        catch (DbUpdateConcurrencyException)
        {
            // The account was changed at the same moment; everything was rolled back, and the link still works.
            return new PasswordResetResult.Busy();
        }
    }

    private async Task<PortalUser?> FindUserAsync(PortalDbContext database, string? token, CancellationToken cancellationToken) =>
        await AccountLinks.FindSubjectAsync(database, token, OneTimeLinkPurpose.PasswordReset, time.GetUtcNow(), cancellationToken) is { } userId
            ? await database.Users.SingleOrDefaultAsync(user => user.Id == userId && user.DisabledAt == null, cancellationToken)
            : null;

    private static PortalDbContext Database(AsyncServiceScope scope) => scope.ServiceProvider.GetRequiredService<PortalDbContext>();
}

/// <summary>Whose password a link replaces: none of these may be the new one.</summary>
/// <param name="Email">The address.</param>
/// <param name="GivenName">Given name; may be empty.</param>
/// <param name="FamilyName">Family name; may be empty.</param>
public sealed record PasswordOwner(string Email, string GivenName, string FamilyName);

/// <summary>What became of asking for a link. A closed family.</summary>
public abstract record PasswordResetRequestResult
{
    private PasswordResetRequestResult()
    {
    }

    /// <summary>The wish was taken. This is said for every address, with an account or without.</summary>
    public sealed record Taken : PasswordResetRequestResult;

    /// <summary>What was typed cannot be an address.</summary>
    public sealed record AddressMalformed : PasswordResetRequestResult;

    /// <summary>Too many links were asked for from this network within an hour.</summary>
    /// <param name="RetryAfter">How long to wait.</param>
    public sealed record Throttled(TimeSpan RetryAfter) : PasswordResetRequestResult;
}

/// <summary>What became of a new password. A closed family.</summary>
public abstract record PasswordResetResult
{
    private PasswordResetResult()
    {
    }

    /// <summary>It is the password now.</summary>
    public sealed record Done : PasswordResetResult;

    /// <summary>The link is unknown, spent, replaced or too old.</summary>
    public sealed record LinkInvalid : PasswordResetResult;

    /// <summary>The password breaks rules; the link still works.</summary>
    /// <param name="Problems">Which.</param>
    public sealed record NotAllowed(IReadOnlyList<PasswordProblem> Problems) : PasswordResetResult;

    /// <summary>It is the present password; the link still works.</summary>
    public sealed record Unchanged : PasswordResetResult;

    /// <summary>It could not be decided now; the same try works in a moment.</summary>
    public sealed record Busy : PasswordResetResult;
}
