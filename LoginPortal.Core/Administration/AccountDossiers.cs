using LoginPortal.Core.Accounts;
using LoginPortal.Core.Sessions;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>All that an administrator sees of one person at once. Times are in the administrator's own time zone.</summary>
public sealed class AccountDossiers(AdministratorAccess access, IpPlaces places, TimeProvider time)
{
    /// <summary>How many events are shown; the audit log has the others.</summary>
    public const int EventsShown = 10;

    /// <summary>The most rows of each list: an account has few of each, and no page is made from more.</summary>
    private const int MostShown = 100;

    /// <summary>What there is about one person.</summary>
    /// <returns><see langword="null"/> if the tenant has no such account.</returns>
    public Task<AdministrationResult<AccountDossier?>> ShowAsync(AdministratorSession session, Guid userId, CancellationToken cancellationToken) =>
        access.RunAsync(
            session,
            AdministrationRight.Tenant,
            (administrator, cancellation) => ShowAsync(administrator, userId, cancellation),
            cancellationToken);

    private async Task<AccountDossier?> ShowAsync(Administrator administrator, Guid userId, CancellationToken cancellationToken)
    {
        var (database, now) = (administrator.Database, time.GetUtcNow());
        if (await AccountDirectory.FindAsync(database, userId, now, cancellationToken) is not { } account)
        {
            return null;
        }

        return new AccountDossier(
            account with
            {
                Summary = account.Summary with
                {
                    CreatedAt = TimeZones.In(administrator.User.TimeZone, account.Summary.CreatedAt),
                    LastSignInAt = Local(account.Summary.LastSignInAt),
                    DisabledAt = Local(account.Summary.DisabledAt),
                    ErasureDueAt = Local(account.Summary.ErasureDueAt),
                },
            },
            userId == administrator.User.Id,
            administrator.User.Role,
            await ListFactorsAsync(administrator, userId, cancellationToken),
            await ListTrustedDevicesAsync(administrator, userId, now, cancellationToken),
            await ListSessionsAsync(administrator, userId, cancellationToken),
            await ListApplicationsAsync(administrator, userId, now, cancellationToken),
            await AuditTrail.ViewAsync(
                administrator,
                await database.SecurityEvents.AsNoTracking()
                    .Where(e => e.SubjectId == userId)
                    .OrderByDescending(e => e.OccurredAt).ThenByDescending(e => e.Id)
                    .Take(EventsShown)
                    .ToListAsync(cancellationToken),
                places,
                cancellationToken));

        DateTimeOffset? Local(DateTimeOffset? instant) => instant is { } at ? TimeZones.In(administrator.User.TimeZone, at) : null;
    }

    private static async Task<IReadOnlyList<FactorView>> ListFactorsAsync(
        Administrator administrator, Guid userId, CancellationToken cancellationToken)
    {
        var (database, zone) = (administrator.Database, administrator.User.TimeZone);
        var authenticators = await database.Authenticators.AsNoTracking()
            .Where(a => a.UserId == userId && a.ConfirmedAt != null).Take(MostShown).ToListAsync(cancellationToken);
        var passkeys = await database.Passkeys.AsNoTracking().Where(p => p.UserId == userId).Take(MostShown).ToListAsync(cancellationToken);
        return
        [
            .. authenticators.Select(a => new FactorView(a.Id, IsPasskey: false, a.Name, TimeZones.In(zone, a.CreatedAt), Local(a.LastUsedAt)))
                .Concat(passkeys.Select(p => new FactorView(p.Id, IsPasskey: true, p.Name, TimeZones.In(zone, p.CreatedAt), Local(p.LastUsedAt))))
                .OrderBy(factor => factor.AddedAt),
        ];

        DateTimeOffset? Local(DateTimeOffset? instant) => instant is { } at ? TimeZones.In(zone, at) : null;
    }

    private static async Task<IReadOnlyList<TrustedDeviceView>> ListTrustedDevicesAsync(
        Administrator administrator, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var zone = administrator.User.TimeZone;
        var devices = await administrator.Database.TrustedDevices.AsNoTracking()
            .Where(d => d.UserId == userId && d.ExpiresAt > now).Take(MostShown).ToListAsync(cancellationToken);
        return [.. devices.OrderByDescending(d => d.LastUsedAt).Select(d => new TrustedDeviceView(
            d.Id, d.DeviceLabel, TimeZones.In(zone, d.LastUsedAt), TimeZones.In(zone, d.ExpiresAt)))];
    }

    private async Task<IReadOnlyList<DeviceView>> ListSessionsAsync(Administrator administrator, Guid userId, CancellationToken cancellationToken)
    {
        var (database, zone, presentId) = (administrator.Database, administrator.User.TimeZone, administrator.Account.Session.Id);
        var keys = await database.ApiKeys.AsNoTracking().Where(key => key.UserId == userId).ToListAsync(cancellationToken);
        var sessions = await administrator.Get<OwnProfile>().ListSessionsAsync(userId, cancellationToken);
        return
        [
            .. sessions.Take(MostShown).Select(s => new DeviceView(
                s.Id,
                s.DeviceLabel,
                keys.Find(key => key.SessionId == s.Id)?.Name,
                s.IpAddress,
                places.Find(s.IpAddress),
                TimeZones.In(zone, s.CreatedAt),
                TimeZones.In(zone, s.LastSeenAt),
                s.Id == presentId)),
        ];
    }

    private static async Task<IReadOnlyList<ConnectedApplication>> ListApplicationsAsync(
        Administrator administrator, Guid userId, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var (database, zone) = (administrator.Database, administrator.User.TimeZone);
        var used = await database.OpenIdGrants.AsNoTracking()
            .Where(g => g.UserId == userId && g.RevokedAt == null && g.ExpiresAt > now)
            .GroupBy(g => g.ClientId)
            .Select(group => new { ClientId = group.Key, LastUsedAt = group.Max(g => g.LastUsedAt) })
            .Take(MostShown)
            .ToListAsync(cancellationToken);
        var ids = used.ConvertAll(grant => grant.ClientId);
        var names = await database.OpenIdClients.AsNoTracking()
            .Where(client => ids.Contains(client.Id)).ToDictionaryAsync(client => client.Id, client => client.Name, cancellationToken);
        return
        [
            .. used.Where(grant => names.ContainsKey(grant.ClientId))
                .OrderByDescending(grant => grant.LastUsedAt)
                .Select(grant => new ConnectedApplication(grant.ClientId, names[grant.ClientId], TimeZones.In(zone, grant.LastUsedAt))),
        ];
    }
}

/// <summary>All that an administrator sees of one person.</summary>
/// <param name="Account">How the account stands.</param>
/// <param name="IsOwn">Whether it is the administrator's own.</param>
/// <param name="AdministratorRole">What the administrator may do.</param>
/// <param name="Factors">Authenticator apps and passkeys, in the order in which they were added.</param>
/// <param name="TrustedDevices">Browsers that may leave out the second factor.</param>
/// <param name="Sessions">Where the person is signed in, the last used first.</param>
/// <param name="Applications">Applications that the person has used, and that may still act for them.</param>
/// <param name="Events">What happened to the account last, the newest first.</param>
public sealed record AccountDossier(
    AccountDetail Account,
    bool IsOwn,
    PortalRole AdministratorRole,
    IReadOnlyList<FactorView> Factors,
    IReadOnlyList<TrustedDeviceView> TrustedDevices,
    IReadOnlyList<DeviceView> Sessions,
    IReadOnlyList<ConnectedApplication> Applications,
    IReadOnlyList<AuditEventView> Events);

/// <summary>An authenticator app or a passkey.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="IsPasskey">Which of the two.</param>
/// <param name="Name">What its owner calls it.</param>
/// <param name="AddedAt">When it was added.</param>
/// <param name="LastUsedAt">When it was last used; <see langword="null"/> if never.</param>
public sealed record FactorView(Guid Id, bool IsPasskey, string Name, DateTimeOffset AddedAt, DateTimeOffset? LastUsedAt);

/// <summary>A browser that may leave out the second factor.</summary>
/// <param name="Id">Its identifier.</param>
/// <param name="Device">Browser and system in words; empty where neither is known.</param>
/// <param name="LastUsedAt">When it was last used.</param>
/// <param name="ExpiresAt">Until when it may.</param>
public sealed record TrustedDeviceView(Guid Id, string Device, DateTimeOffset LastUsedAt, DateTimeOffset ExpiresAt);

/// <summary>An application that may still act for a person.</summary>
/// <param name="ClientId">Its identifier.</param>
/// <param name="Name">What it is called.</param>
/// <param name="LastUsedAt">When it was last used.</param>
public sealed record ConnectedApplication(Guid ClientId, string Name, DateTimeOffset LastUsedAt);
