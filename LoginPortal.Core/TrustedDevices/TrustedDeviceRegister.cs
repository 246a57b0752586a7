using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Sessions;
using LoginPortal.Core.SignIn;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.TrustedDevices;

/// <summary>
/// Browsers that may leave out the second factor. Trust ends after the tenant's number of days, with the last authenticator app, with a new
/// password, and when the person takes it back; a shorter policy shortens the trust that is there.
/// </summary>
public sealed class TrustedDeviceRegister(PortalDbContext database, TenantContext tenant, TimeProvider time) : ISecondFactorExemption
{
    /// <inheritdoc />
    public async Task<bool> IsExemptAsync(PortalUser user, TenantPolicy policy, string? token, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        ArgumentNullException.ThrowIfNull(policy);
        if (string.IsNullOrEmpty(token) || policy.TrustedDeviceDays <= 0)
        {
            return false;
        }

        var (hash, now) = (Secret.Hash(token), time.GetUtcNow());
        var oldest = now.AddDays(-policy.TrustedDeviceDays);
        return await database.TrustedDevices
            .Where(d => d.TokenHash == hash && d.UserId == user.Id && d.ExpiresAt > now && d.CreatedAt > oldest)
            .ExecuteUpdateAsync(d => d.SetProperty(x => x.LastUsedAt, now), cancellationToken) == 1;
    }

    /// <summary>Trusts the browser of a session that is just being redeemed, in the caller's transaction. The caller saves.</summary>
    /// <returns>The token for the browser's cookie; it cannot be read again.</returns>
    public NewTrustedDevice Trust(Session session)
    {
        ArgumentNullException.ThrowIfNull(session);
        var (token, now) = (Secret.Create(), time.GetUtcNow());
        var device = new TrustedDevice
        {
            Id = Guid.CreateVersion7(now),
            TenantId = session.TenantId,
            UserId = session.UserId,
            TokenHash = Secret.Hash(token),
            DeviceLabel = session.DeviceLabel,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now.AddDays(tenant.Required.Policy.TrustedDeviceDays),
        };
        database.TrustedDevices.Add(device);
        return new NewTrustedDevice(token, device.ExpiresAt);
    }
}

/// <summary>A browser that has just been trusted.</summary>
/// <param name="Token">The secret for its cookie.</param>
/// <param name="ExpiresAt">When the trust ends, UTC.</param>
public sealed record NewTrustedDevice(string Token, DateTimeOffset ExpiresAt);
