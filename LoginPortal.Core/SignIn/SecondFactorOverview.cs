using LoginPortal.Core.Data;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.SignIn;

/// <summary>Which kinds of second factor a person has set up.</summary>
public sealed class SecondFactorOverview(PortalDbContext database)
{
    /// <summary>Looks at a person of a tenant, whichever tenant the scope has entered.</summary>
    public async Task<SecondFactorKinds> OfAsync(Guid tenantId, Guid userId, CancellationToken cancellationToken) => new(
        await database.Authenticators.IgnoreQueryFilters()
            .AnyAsync(app => app.TenantId == tenantId && app.UserId == userId && app.ConfirmedAt != null, cancellationToken),
        await database.Passkeys.IgnoreQueryFilters().AnyAsync(passkey => passkey.TenantId == tenantId && passkey.UserId == userId, cancellationToken));
}

/// <summary>The kinds that somebody has.</summary>
/// <param name="HasAuthenticator">An authenticator app that counts.</param>
/// <param name="HasPasskey">A passkey.</param>
public sealed record SecondFactorKinds(bool HasAuthenticator, bool HasPasskey);
