using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Passkeys;

/// <summary>The passkey as a second factor after a password.</summary>
public sealed class PasskeyFactor(PortalDbContext database) : ISecondFactor
{
    /// <inheritdoc />
    public SecondFactorMethod Method => SecondFactorMethod.Passkey;

    /// <inheritdoc />
    public Task<bool> IsReadyAsync(PortalUser user, CancellationToken cancellationToken) =>
        database.Passkeys.AnyAsync(p => p.UserId == user.Id, cancellationToken);

    /// <summary>
    /// A passkey that signs in alone does not make the password ask for more: else one that a browser made by itself would lock its owner out
    /// everywhere else. A security key that is nothing but a second factor does.
    /// </summary>
    public Task<bool> IsAskedForAsync(PortalUser user, CancellationToken cancellationToken) =>
        database.Passkeys.AnyAsync(p => p.UserId == user.Id && !p.SignsInAlone, cancellationToken);
}
