using LoginPortal.Core.Audit;
using LoginPortal.Core.Tokens;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Administration;

/// <summary>The keys that the portal signs tokens with, for operators of the platform. The keys themselves are seen by nobody.</summary>
public sealed class SigningKeyAdministration(AdministratorAccess access, SigningKeys keys, TimeProvider time)
{
    /// <summary>How long the next key is published before it signs, so that whoever keeps a copy of the keys has it in time.</summary>
    public static readonly TimeSpan Notice = TimeSpan.FromHours(1);

    /// <summary>The keys that are published, the newest first.</summary>
    public async Task<AdministrationResult<IReadOnlyList<SigningKeyView>>> ListAsync(AdministratorSession session, CancellationToken cancellationToken)
    {
        // The first key is made when it is first asked for.
        await keys.GetCurrentAsync(cancellationToken);
        return await access.RunAsync(session, AdministrationRight.Platform, ListAsync, cancellationToken);
    }

    /// <summary>Has another key sign before its time.</summary>
    /// <param name="session">Who.</param>
    /// <param name="newestKeyId">The newest key, as the operator saw it: of two who rotate at once the second is told.</param>
    /// <param name="revoke">Whether at once, and nothing that was signed before is believed any longer; otherwise after <see cref="Notice"/>.</param>
    /// <param name="cancellationToken">Gives up; nothing has changed then.</param>
    public async Task<AdministrationResult<SigningKeyRotation>> RotateAsync(
        AdministratorSession session, string newestKeyId, bool revoke, CancellationToken cancellationToken)
    {
        var result = await access.RunAsync(
            session,
            AdministrationRight.Platform,
            async (operators, cancellation) => new SigningKeyRotation(
                await RotateAsync(operators, newestKeyId, revoke, cancellation), await ListAsync(operators, cancellation)),
            cancellationToken);
        keys.Forget();
        return result;
    }

    private async Task<bool> RotateAsync(Administrator operators, string newestKeyId, bool revoke, CancellationToken cancellationToken)
    {
        var database = operators.Database;
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        if (await keys.RotateAsync(database, newestKeyId, Notice, revoke, cancellationToken) is null)
        {
            return false;
        }

        operators.Record(SecurityEventKind.SigningKeysRotated, reason: revoke ? "revoked" : null);
        await database.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

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
/// <param name="IsDone">Whether it was done; otherwise another operator, or the calendar, was faster, and nothing has changed.</param>
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
