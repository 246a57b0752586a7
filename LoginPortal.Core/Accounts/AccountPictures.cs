using System.Security.Cryptography;
using LoginPortal.Core.Audit;
using LoginPortal.Core.Mail;
using LoginPortal.Core.SignIn;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Accounts;

/// <summary>A person's picture on their own page. Each call works in a scope of its own.</summary>
public sealed class AccountPictures(OwnAccounts accounts, AccountNotices notices, TimeProvider time)
{
    /// <summary>The most bytes of a picture.</summary>
    public const int MaximumBytes = 200 * 1024;

    /// <summary>The most pixels at each side.</summary>
    public const int MaximumSide = 1024;

    /// <summary>Sets the picture.</summary>
    /// <returns>What became of it; <see langword="null"/> if the session is no longer live.</returns>
    public Task<PictureResult?> SetAsync(
        Guid tenantId, Guid sessionId, ReadOnlyMemory<byte> content, RequestFacts facts, CancellationToken cancellationToken) => RunAsync(
            tenantId,
            sessionId,
            async (account, cancellation) =>
            {
                if (content.Length > MaximumBytes)
                {
                    return PictureResult.TooLarge;
                }

                if (PictureFormat.Read(content.Span) is not { } format)
                {
                    return PictureResult.NoPicture;
                }

                if (format.Width > MaximumSide || format.Height > MaximumSide)
                {
                    return PictureResult.TooLarge;
                }

                await StoreAsync(account, content, format.ContentType, facts, cancellation);
                return PictureResult.Done;
            },
            cancellationToken);

    /// <summary>Removes the picture, if there is one.</summary>
    /// <returns><see cref="PictureResult.Done"/>; <see langword="null"/> if the session is no longer live.</returns>
    public Task<PictureResult?> RemoveAsync(Guid tenantId, Guid sessionId, RequestFacts facts, CancellationToken cancellationToken) => RunAsync(
        tenantId,
        sessionId,
        async (account, cancellation) =>
        {
            await using var transaction = await account.Database.Database.BeginTransactionAsync(cancellation);
            if (await account.Database.ProfilePictures.Where(p => p.UserId == account.User.Id).ExecuteDeleteAsync(cancellation) == 1)
            {
                await TellAsync(account, facts, cancellation);
            }

            await transaction.CommitAsync(cancellation);
            return PictureResult.Done;
        },
        cancellationToken);

    private async Task StoreAsync(
        OwnAccount account, ReadOnlyMemory<byte> content, string contentType, RequestFacts facts, CancellationToken cancellationToken)
    {
        var (database, userId, bytes) = (account.Database, account.User.Id, content.ToArray());
        var key = Convert.ToHexStringLower(SHA256.HashData([.. userId.ToByteArray(), .. bytes]));
        await using var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
        await database.ProfilePictures.Where(p => p.UserId == userId).ExecuteDeleteAsync(cancellationToken);
        database.ProfilePictures.Add(new ProfilePicture
        {
            UserId = userId,
            TenantId = account.Tenant.Id,
            Key = key,
            ContentType = contentType,
            Content = bytes,
            CreatedAt = time.GetUtcNow(),
        });
        await TellAsync(account, facts, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private async Task TellAsync(OwnAccount account, RequestFacts facts, CancellationToken cancellationToken)
    {
        account.Record(SecurityEventKind.PictureChanged, facts);
        var draft = new MailDraft("ProfileChanged") { Link = "account/profile", Language = facts.Language };
        await notices.AddAsync(account.Database, account.Tenant, account.User, draft, cancellationToken);
        await account.Database.SaveChangesAsync(cancellationToken);
    }

    private Task<PictureResult?> RunAsync(
        Guid tenantId, Guid sessionId, Func<OwnAccount, CancellationToken, Task<PictureResult>> work, CancellationToken cancellationToken) =>
        accounts.RunAsync(
            tenantId, sessionId, needsFresh: false, async (account, cancellation) => (PictureResult?)await work(account, cancellation), null, null, cancellationToken);
}

/// <summary>What became of a picture.</summary>
public enum PictureResult
{
    /// <summary>It is as the person wanted.</summary>
    Done = 0,

    /// <summary>It has too many bytes or pixels.</summary>
    TooLarge = 1,

    /// <summary>It is no PNG, JPEG or WebP.</summary>
    NoPicture = 2,
}
