using LoginPortal.Core.Audit;
using LoginPortal.Core.Tokens;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>The keys that the portal signs tokens with, for operators of the platform. The keys themselves are seen by nobody.</summary>
public sealed class SigningKeyAdministration(AdministratorAccess access, SigningKeys keys, TimeProvider time)
{
    /// <summary>The keys that are published, the newest first.</summary>
    public async Task<AdministrationResult<IReadOnlyList<SigningKeyView>>> ListAsync(AdministratorSession session, CancellationToken cancellationToken)
    {
        // The first key is made when it is first asked for.
        await keys.GetCurrentAsync(cancellationToken);
        return await access.RunAsync(session, AdministrationRight.Platform, ListAsync, cancellationToken);
    }

    /// <summary>Has the next key sign from now on.</summary>
    /// <param name="session">Who.</param>
    /// <param name="keyId">The key that signs now, as the operator saw it.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public async Task<AdministrationResult<SigningKeyRotation>> RotateAsync(AdministratorSession session, string keyId, CancellationToken cancellationToken)
    {
        var result = await access.RunAsync(
            session,
            AdministrationRight.Platform,
            async (operators, cancellation) =>
            {
                var database = operators.Database;
                await using var transaction = await database.Database.BeginTransactionAsync(cancellation);
                var isDone = await keys.RotateAsync(database, keyId, after: TimeSpan.Zero, revoke: false, cancellation) is not null;
                if (isDone)
                {
                    var next = await SignsAt(database.SigningKeys, time.GetUtcNow()).Select(key => key.Id).FirstAsync(cancellation);
                    operators.Record(SecurityEventKind.SigningKeyRotated, differences: AuditDifference.Between(new { KeyId = keyId }, new { KeyId = next }));
                    await database.SaveChangesAsync(cancellation);
                    await transaction.CommitAsync(cancellation);
                }
                else
                {
                    await transaction.RollbackAsync(cancellation);
                }

                return new SigningKeyRotation(isDone, await ListAsync(operators, cancellation));
            },
            cancellationToken);
        keys.Forget();
        return result;
    }

    private static IQueryable<SigningKey> SignsAt(IQueryable<SigningKey> all, DateTimeOffset now) =>
        all.Where(key => key.SignsFrom <= now).OrderByDescending(key => key.Number);

    private async Task<IReadOnlyList<SigningKeyView>> ListAsync(Administrator operators, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var rows = await operators.Database.SigningKeys.AsNoTracking()
            .Where(key => key.PublishedUntil > now)
            .OrderByDescending(key => key.Number)
            .Select(key => new { key.Id, key.CreatedAt, key.SignsFrom, key.SignsUntil, key.PublishedUntil })
            .ToListAsync(cancellationToken);
        var current = rows.Find(row => row.SignsFrom <= now)?.Id;
        return
        [
            .. rows.Select(row => new SigningKeyView(
                row.Id,
                row.Id == current ? SigningKeyStatus.Signing : row.SignsFrom > now ? SigningKeyStatus.Next : SigningKeyStatus.Retired,
                row.CreatedAt,
                row.SignsFrom,
                row.SignsUntil,
                row.PublishedUntil)),
        ];
    }
}

/// <summary>What a rotation came to.</summary>
/// <param name="IsDone">Whether the next key signs; otherwise another operator, or the calendar, was faster, and nothing has changed.</param>
/// <param name="Keys">The keys as they stand now.</param>
public sealed record SigningKeyRotation(bool IsDone, IReadOnlyList<SigningKeyView> Keys);

/// <summary>A key of the portal, as an operator sees it.</summary>
/// <param name="Id">The <c>kid</c>.</param>
/// <param name="Status">What it does now.</param>
/// <param name="CreatedAt">When it was made and published, UTC.</param>
/// <param name="SignsFrom">From when tokens are signed with it, UTC.</param>
/// <param name="SignsUntil">Until when, UTC.</param>
/// <param name="PublishedUntil">Until when it is published, so that its last tokens can still be checked, UTC.</param>
public sealed record SigningKeyView(
    string Id, SigningKeyStatus Status, DateTimeOffset CreatedAt, DateTimeOffset SignsFrom, DateTimeOffset SignsUntil, DateTimeOffset PublishedUntil);

/// <summary>What a key does now.</summary>
public enum SigningKeyStatus
{
    /// <summary>Published, so that everybody has it when it takes over.</summary>
    Next = 0,

    /// <summary>Signs.</summary>
    Signing = 1,

    /// <summary>Published for what it has signed.</summary>
    Retired = 2,
}
