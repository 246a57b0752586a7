using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.RecoveryCodes;

/// <summary>A person's set of recovery codes: made together, shown once, spent one by one.</summary>
public sealed class RecoveryCodeSets(TenantContext tenant, TimeProvider time)
{
    /// <summary>The codes of a set.</summary>
    public const int Size = 10;

    /// <summary>From how many left the person is warned.</summary>
    public const int FewLeft = 3;

    /// <summary>Ends the old set and makes a new one, in the caller's transaction. The caller saves.</summary>
    /// <returns>The codes, to be shown once: only their hashes are kept.</returns>
    public async Task<IReadOnlyList<string>> ReplaceAsync(PortalDbContext database, Guid userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        await database.RecoveryCodes.Where(code => code.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        IReadOnlyList<string> codes = [.. Enumerable.Range(0, Size).Select(_ => RecoveryCodeText.Create())];
        database.RecoveryCodes.AddRange(codes.Select(code => new RecoveryCode
        {
            CodeHash = RecoveryCodeText.Hash(userId, code),
            TenantId = tenant.Required.Id,
            UserId = userId,
            CreatedAt = time.GetUtcNow(),
        }));
        return codes;
    }

    /// <summary>Spends a code in the caller's transaction; of parallel attempts exactly one does.</summary>
    public static async Task<bool> SpendAsync(PortalDbContext database, Guid userId, string codeHash, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        return await database.RecoveryCodes
            .Where(code => code.UserId == userId && code.CodeHash == codeHash)
            .ExecuteDeleteAsync(cancellationToken) == 1;
    }

    /// <summary>How many are left.</summary>
    public static Task<int> CountLeftAsync(PortalDbContext database, Guid userId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        return database.RecoveryCodes.CountAsync(code => code.UserId == userId, cancellationToken);
    }
}
