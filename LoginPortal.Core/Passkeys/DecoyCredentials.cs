using System.Security.Cryptography;
using System.Text;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Core.Passkeys;

/// <summary>
/// Credential identifiers for addresses that have no passkey, so that the list of a ceremony does not tell who has one
/// (Web Authentication Level 3, 14.6.2). They are a keyed hash of the address: the same at each call and on each node, and nobody without the
/// key can tell them from real ones.
/// </summary>
public sealed class DecoyCredentials(IServiceScopeFactory scopes, IDataProtectionProvider protection)
{
    private const string SecretName = "passkey-decoys";
    private const int KeyLength = 32;

    /// <summary>The lengths that authenticators in use give their identifiers, in bytes.</summary>
    private static readonly int[] Lengths = [16, 20, 32];

    private readonly IDataProtector _protector = protection.CreateProtector("LoginPortal.Passkeys.Decoys.v1");
    private byte[]? _key;

    /// <summary>The identifier to show for an address.</summary>
    public async Task<byte[]> OfAsync(Guid tenantId, string address, CancellationToken cancellationToken)
    {
        var key = _key ??= await ReadKeyAsync(cancellationToken);
        var hash = HMACSHA512.HashData(key, Encoding.UTF8.GetBytes($"{tenantId:N}|{EmailAddress.Normalize(address)}"));
        return hash[..Lengths[hash[^1] % Lengths.Length]];
    }

    private async Task<byte[]> ReadKeyAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
        if (await FindAsync() is not { } present)
        {
            await database.InsertPortalSecretIfMissingAsync(
                SecretName, _protector.Protect(RandomNumberGenerator.GetBytes(KeyLength)), cancellationToken);
            present = (await FindAsync())!;
        }

        return _protector.Unprotect(present);

        Task<byte[]?> FindAsync() => database.PortalSecrets
            .Where(secret => secret.Name == SecretName)
            .Select(secret => secret.ProtectedValue)
            .SingleOrDefaultAsync(cancellationToken)!;
    }
}
