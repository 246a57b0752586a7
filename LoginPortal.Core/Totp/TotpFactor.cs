using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Totp;

/// <summary>The authenticator app as a second factor.</summary>
public sealed class TotpFactor(PortalDbContext database) : ISecondFactor
{
    /// <inheritdoc />
    public SecondFactorMethod Method => SecondFactorMethod.Totp;

    /// <inheritdoc />
    public Task<bool> IsReadyAsync(PortalUser user, CancellationToken cancellationToken) =>
        database.Authenticators.AnyAsync(a => a.UserId == user.Id && a.ConfirmedAt != null, cancellationToken);

    /// <inheritdoc />
    public Task<bool> IsAskedForAsync(PortalUser user, CancellationToken cancellationToken) => IsReadyAsync(user, cancellationToken);
}
