using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tokens;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Accounts;

/// <summary>Where a person is signed in. Ending a session needs no fresh sign-in: it can only make the account safer. Each call works in a scope of its own.</summary>
public sealed class AccountDevices(OwnAccounts accounts, IpPlaces places)
{
    /// <summary>The live sessions, this one first and then the last used; <see langword="null"/> if the session is no longer live.</summary>
    public Task<IReadOnlyList<DeviceView>?> ShowAsync(Guid tenantId, Guid sessionId, CancellationToken cancellationToken) =>
        RunAsync(tenantId, sessionId, ReadAsync, cancellationToken);

    /// <summary>Ends one of them.</summary>
    /// <returns>Those that are left; <see langword="null"/> if the session is no longer live.</returns>
    public Task<IReadOnlyList<DeviceView>?> EndAsync(Guid tenantId, Guid sessionId, Guid endedId, RequestFacts facts, CancellationToken cancellationToken) =>
        RunAsync(
            tenantId,
            sessionId,
            async (account, cancellation) =>
            {
                await account.Get<OwnProfile>().EndSessionAsync(account.User.Id, endedId, facts, cancellation);
                return await ReadAsync(account, cancellation);
            },
            cancellationToken);

    /// <summary>Ends all but this one.</summary>
    /// <returns>Those that are left; <see langword="null"/> if the session is no longer live.</returns>
    public Task<IReadOnlyList<DeviceView>?> EndOthersAsync(Guid tenantId, Guid sessionId, RequestFacts facts, CancellationToken cancellationToken) =>
        RunAsync(
            tenantId,
            sessionId,
            async (account, cancellation) =>
            {
                await account.Get<OwnProfile>().EndOtherSessionsAsync(account.User.Id, sessionId, facts, cancellation);
                return await ReadAsync(account, cancellation);
            },
            cancellationToken);

    private async Task<IReadOnlyList<DeviceView>?> ReadAsync(OwnAccount account, CancellationToken cancellationToken)
    {
        var (userId, zone, presentId) = (account.User.Id, account.User.TimeZone, account.Session.Id);
        var keys = await account.Database.ApiKeys.AsNoTracking().Where(key => key.UserId == userId).ToListAsync(cancellationToken);
        var sessions = await account.Get<OwnProfile>().ListSessionsAsync(userId, cancellationToken);
        return
        [
            .. sessions.OrderByDescending(s => s.Id == presentId).ThenByDescending(s => s.LastSeenAt).Select(s => new DeviceView(
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

    private Task<IReadOnlyList<DeviceView>?> RunAsync(
        Guid tenantId,
        Guid sessionId,
        Func<OwnAccount, CancellationToken, Task<IReadOnlyList<DeviceView>?>> work,
        CancellationToken cancellationToken) => accounts.RunAsync(tenantId, sessionId, needsFresh: false, work, null, null, cancellationToken);
}

/// <summary>Where a person is signed in.</summary>
/// <param name="SessionId">The session; names it and opens nothing.</param>
/// <param name="Device">Browser and system in words; empty where neither is known.</param>
/// <param name="ApiKeyName">What the person calls the <see cref="ApiKey"/> that opened it; <see langword="null"/> if none did.</param>
/// <param name="IpAddress">The network address of the sign-in.</param>
/// <param name="Place">Where that is, if a file of places is configured and knows it.</param>
/// <param name="FirstSeenAt">When the person signed in, in their time zone.</param>
/// <param name="LastSeenAt">When it was last used, in their time zone.</param>
/// <param name="IsThis">Whether it is the session that asks.</param>
public sealed record DeviceView(
    Guid SessionId,
    string Device,
    string? ApiKeyName,
    string? IpAddress,
    string? Place,
    DateTimeOffset FirstSeenAt,
    DateTimeOffset LastSeenAt,
    bool IsThis);
