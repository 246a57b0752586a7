using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Data;
using LoginPortal.Core.Registration;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace LoginPortal.Core.Setup;

/// <summary>
/// What somebody at the console of a machine may do. They can read the database and the configuration as it is, so nothing is asked of them; by the
/// same rules as on pages, and audited with no actor.
/// </summary>
public sealed class ConsoleAdministration(
    IServiceScopeFactory scopes, Invitations invitations, SigningKeys keys, SecurityEventWriter events, IOptions<PortalOptions> options, TimeProvider time)
{
    /// <summary>Makes a tenant, and invites its first administrator by mail.</summary>
    /// <param name="slug">The name in its address; see <see cref="TenantSlug"/>.</param>
    /// <param name="displayName">What people call it.</param>
    /// <param name="administratorAddress">Who is invited; <see langword="null"/> for nobody yet.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TenantResult> CreateTenantAsync(
        string? slug, string? displayName, string? administratorAddress, CancellationToken cancellationToken)
    {
        var name = displayName?.Trim() ?? "";
        if (TenantRegister.ProblemsOf(slug, name, administratorAddress) is { Count: > 0 } problems)
        {
            return new TenantResult.Refused(problems);
        }

        await using var scope = scopes.CreateAsyncScope();
        var platform = await scope.ServiceProvider.GetRequiredService<FirstOperator>().EnterPlatformAsync(cancellationToken);
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        var now = time.GetUtcNow();
        var tenant = new Tenant { Id = Guid.CreateVersion7(now), Slug = slug!, DisplayName = name, CreatedAt = now };
        database.Tenants.Add(tenant);
        Record(database, platform.Id, SecurityEventKind.TenantCreated, tenant.Id);
        Record(database, tenant.Id, SecurityEventKind.TenantCreated, tenant.Id);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            return new TenantResult.SlugTaken();
        }

        if (administratorAddress is not null)
        {
            await invitations.InviteAsync(
                tenant.Id, invitedBy: null, administratorAddress, PortalRole.TenantAdministrator, RequestFacts.Portal, cancellationToken);
        }

        return new TenantResult.Done(TenantRegister.SummaryOf(tenant));
    }

    /// <summary>Invites an operator of the platform.</summary>
    /// <param name="address">Who is invited.</param>
    /// <param name="isMailed">Whether the link is mailed; otherwise it is answered, to be handed on.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<OperatorInvitation> InviteOperatorAsync(string? address, bool isMailed, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var platform = await scope.ServiceProvider.GetRequiredService<FirstOperator>().EnterPlatformAsync(cancellationToken);
        if (isMailed)
        {
            return new OperatorInvitation(
                await invitations.InviteAsync(platform.Id, invitedBy: null, address, PortalRole.PlatformOperator, RequestFacts.Portal, cancellationToken),
                Link: null);
        }

        var (result, link) = await invitations.CreateLinkAsync(platform.Id, address, PortalRole.PlatformOperator, cancellationToken);
        return new OperatorInvitation(result, link is null ? null : new Uri(platform.BaseAddress(options.Value.PublicOrigin!), link));
    }

    /// <summary>Replaces the key that signs tokens; see <see cref="SigningKeys.RotateAsync"/>.</summary>
    /// <returns>From when the new key signs, UTC; <see langword="null"/> if somebody else has replaced it at the same moment.</returns>
    public async Task<DateTimeOffset?> RotateKeysAsync(TimeSpan after, bool revoke, CancellationToken cancellationToken)
    {
        await keys.GetCurrentAsync(cancellationToken);
        await using var scope = scopes.CreateAsyncScope();
        var platform = await scope.ServiceProvider.GetRequiredService<FirstOperator>().EnterPlatformAsync(cancellationToken);
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        var newest = await database.SigningKeys.OrderByDescending(key => key.Number).Select(key => key.Id).FirstAsync(cancellationToken);
        if (await keys.RotateAsync(database, newest, after, revoke, cancellationToken) is not { } from)
        {
            return null;
        }

        events.Record(
            database, platform.Id, SecurityEventKind.SigningKeysRotated, SecurityEventOutcome.Success, RequestFacts.Portal, reason: revoke ? "revoked" : null);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        keys.Forget();
        return from;
    }

    private void Record(PortalDbContext database, Guid tenantId, string kind, Guid subjectId) =>
        events.Record(database, tenantId, kind, SecurityEventOutcome.Success, RequestFacts.Portal, subjectId: subjectId);
}

/// <summary>What became of inviting an operator.</summary>
/// <param name="Result">Whether it was done.</param>
/// <param name="Link">The one-time link, where it was asked for.</param>
public sealed record OperatorInvitation(InvitationResult Result, Uri? Link);
