using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Passkeys;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Tenants;

/// <summary>
/// Finds the tenant of a request whose address names none. What stays ambiguous is nobody's, and is answered as wrong credentials are.
/// </summary>
public sealed class TenantResolution(PortalDbContext database, TenantDirectory tenants, RelyingParties relyingParties)
{
    /// <summary>
    /// The tenant that is named; else the one whose own host was called; else the one that has proved the address's domain to be its own;
    /// else, if asked for, the one whose owner the address is; else the only one that knows the address.
    /// </summary>
    /// <param name="named">The slug that the request names; <see langword="null"/> or empty for none.</param>
    /// <param name="host">The host that was called, without port.</param>
    /// <param name="address">The e-mail address, well formed.</param>
    /// <param name="ownersFirst">Whether an owner's own tenant comes before others that know the address.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<TenantProfile?> FindAsync(
        string? named, string host, string address, bool ownersFirst, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        return string.IsNullOrEmpty(named)
            ? await FindByDomainAsync(host, address, cancellationToken) ?? await FindByAccountAsync(address, ownersFirst, cancellationToken)
            : await tenants.FindBySlugAsync(named, cancellationToken);
    }

    /// <summary>
    /// The same for asking for a passkey, whose answer names the tenant's relying party. Where nothing but the account itself says which tenant it
    /// is, one that would be answered otherwise than an address that nobody has is not found: else the answer would tell who has an account.
    /// </summary>
    public async Task<TenantProfile?> FindForPasskeyAsync(
        string? named, string host, string address, bool ownersFirst, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (!string.IsNullOrEmpty(named))
        {
            return await tenants.FindBySlugAsync(named, cancellationToken);
        }

        if (await FindByDomainAsync(host, address, cancellationToken) is { } owner)
        {
            return owner;
        }

        return await FindByAccountAsync(address, ownersFirst, cancellationToken) is { Policy.AllowPasskeys: true } found
            && await FindDecoyAsync(cancellationToken) is { Policy.AllowPasskeys: true } decoy
            && (await relyingParties.OfAsync(found, cancellationToken)).Id == (await relyingParties.OfAsync(decoy, cancellationToken)).Id
                ? found
                : null;
    }

    /// <summary>The tenant in which a sign-in runs whose tenant could not be found: same work, same answer, no such address.</summary>
    public async Task<TenantProfile?> FindDecoyAsync(CancellationToken cancellationToken)
    {
        if (await tenants.FindBySlugAsync(TenantSlug.Platform, cancellationToken) is { } platform)
        {
            return platform;
        }

        var first = await database.Tenants.Where(tenant => tenant.Status == TenantStatus.Active)
            .OrderBy(tenant => tenant.Id)
            .Select(tenant => tenant.Id)
            .FirstOrDefaultAsync(cancellationToken);
        return await tenants.FindByIdAsync(first, cancellationToken);
    }

    private async Task<TenantProfile?> FindByDomainAsync(string host, string address, CancellationToken cancellationToken) =>
        await tenants.FindByHostAsync(host, cancellationToken)
        ?? await tenants.FindByHostAsync(address[(address.LastIndexOf('@') + 1)..], cancellationToken);

    private async Task<TenantProfile?> FindByAccountAsync(string address, bool ownersFirst, CancellationToken cancellationToken)
    {
        var name = EmailAddress.Normalize(address);
        var found = await database.Users.IgnoreQueryFilters().AsNoTracking()
            .Where(user => user.NormalizedUserName == name && user.Tenant!.Status == TenantStatus.Active)
            .OrderBy(user => user.Id)
            .Select(user => new
            {
                user.TenantId,
                IsOwner = user.Role != PortalRole.Member
                    && !database.Users.IgnoreQueryFilters().Any(
                        other => other.TenantId == user.TenantId && other.Role == user.Role && other.CreatedAt < user.CreatedAt),
            })
            .Take(100)
            .ToListAsync(cancellationToken);
        var candidates = ownersFirst && found.Any(user => user.IsOwner) ? found.Where(user => user.IsOwner).ToList() : found;
        return candidates is [var only] ? await tenants.FindByIdAsync(only.TenantId, cancellationToken) : null;
    }

    /// <summary>The address of a tenant's owner: its administrator of longest standing; empty if it has none.</summary>
    public async Task<string> FindOwnerAddressAsync(Guid tenantId, CancellationToken cancellationToken) => await database.Users.IgnoreQueryFilters()
        .Where(user => user.TenantId == tenantId && user.Role != PortalRole.Member)
        .OrderBy(user => user.CreatedAt)
        .Select(user => user.Email)
        .FirstOrDefaultAsync(cancellationToken) ?? "";
}
