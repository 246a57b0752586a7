using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Passkeys;

/// <summary>
/// Shows Identity's passkey handler the portal's own passkeys. Identity keeps a passkey as one JSON document; the portal needs columns, because
/// a counter is compared and set in one statement. For the same reason it only reads here: what is written belongs into the transaction
/// of the step that writes it, see <see cref="PasskeyChanges"/>.
/// </summary>
internal sealed class PasskeyUserStore(PortalDbContext database, IdentityErrorDescriber? describer = null)
    : UserOnlyStore<PortalUser, PortalDbContext, Guid>(database, describer), IUserPasskeyStore<PortalUser>
{
    async Task<IList<UserPasskeyInfo>> IUserPasskeyStore<PortalUser>.GetPasskeysAsync(PortalUser user, CancellationToken cancellationToken) =>
    [
        .. (await Context.Passkeys.AsNoTracking().Where(p => p.UserId == user.Id).OrderBy(p => p.Id).ToListAsync(cancellationToken)).Select(ToInfo),
    ];

    Task<PortalUser?> IUserPasskeyStore<PortalUser>.FindByPasskeyIdAsync(byte[] credentialId, CancellationToken cancellationToken)
    {
        var owners = Context.Passkeys.Where(p => p.CredentialId == credentialId).Select(p => p.UserId);
        return Users.SingleOrDefaultAsync(user => owners.Contains(user.Id), cancellationToken);
    }

    async Task<UserPasskeyInfo?> IUserPasskeyStore<PortalUser>.FindPasskeyAsync(
        PortalUser user, byte[] credentialId, CancellationToken cancellationToken) =>
        await Context.Passkeys.AsNoTracking()
            .SingleOrDefaultAsync(p => p.CredentialId == credentialId && p.UserId == user.Id, cancellationToken) is { } passkey
            ? ToInfo(passkey)
            : null;

    Task IUserPasskeyStore<PortalUser>.AddOrUpdatePasskeyAsync(PortalUser user, UserPasskeyInfo passkey, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{nameof(PasskeyChanges)} adds passkeys.");

    Task IUserPasskeyStore<PortalUser>.RemovePasskeyAsync(PortalUser user, byte[] credentialId, CancellationToken cancellationToken) =>
        throw new NotSupportedException($"{nameof(PasskeyChanges)} removes passkeys.");

    /// <summary>
    /// Without the counter: the handler would compare it with what was read a moment ago, and two uses at once would both pass.
    /// <see cref="PasskeyChanges.UseAsync"/> compares it.
    /// </summary>
    private static UserPasskeyInfo ToInfo(Passkey passkey) => new(
        passkey.CredentialId,
        passkey.PublicKey,
        passkey.CreatedAt,
        signCount: 0,
        [.. passkey.Transports],
        passkey.IsUserVerified,
        passkey.IsBackupEligible,
        passkey.IsBackedUp,
        attestationObject: [],
        clientDataJson: []);
}
