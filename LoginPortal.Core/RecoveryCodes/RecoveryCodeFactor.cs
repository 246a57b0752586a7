using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.RecoveryCodes;

/// <summary>The recovery code as a second factor.</summary>
public sealed class RecoveryCodeFactor(PortalDbContext database) : ISecondFactor
{
    /// <inheritdoc />
    public SecondFactorMethod Method => SecondFactorMethod.RecoveryCode;

    /// <inheritdoc />
    public Task<bool> IsReadyAsync(PortalUser user, CancellationToken cancellationToken) =>
        database.RecoveryCodes.AnyAsync(code => code.UserId == user.Id, cancellationToken);
}
