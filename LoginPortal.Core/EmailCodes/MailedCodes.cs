using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using LoginPortal.Core.Data;
using LoginPortal.Core.SignIn;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.EmailCodes;

/// <summary>The codes that are sent by e-mail, one for each flow: to sign in with, or as a second factor.</summary>
public sealed class MailedCodes(PortalDbContext database, IDataProtectionProvider protection, TimeProvider time)
{
    private readonly IDataProtector _protector = protection.CreateProtector("LoginPortal.EmailCodes.Code.v1");

    /// <summary>A new code for the flow in place of the one before, in the caller's transaction. The caller saves.</summary>
    /// <returns>The code; <see langword="null"/> if the one before was sent a moment ago.</returns>
    public async Task<string?> ReplaceAsync(FlowRecord flow, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(flow);
        var now = time.GetUtcNow();
        var latest = now - EmailCode.ResendDelay;
        var code = RandomNumberGenerator.GetInt32(1_000_000).ToString("D6", CultureInfo.InvariantCulture);
        var hidden = _protector.Protect(Encoding.ASCII.GetBytes(code));
        if (await database.EmailCodes.AnyAsync(c => c.FlowId == flow.Id, cancellationToken))
        {
            return await database.EmailCodes
                .Where(c => c.FlowId == flow.Id && c.SentAt <= latest)
                .ExecuteUpdateAsync(
                    update => update.SetProperty(c => c.ProtectedCode, hidden).SetProperty(c => c.SentAt, now).SetProperty(c => c.Tries, 0),
                    cancellationToken) == 1
                ? code
                : null;
        }

        database.EmailCodes.Add(new EmailCode { FlowId = flow.Id, TenantId = flow.TenantId, ProtectedCode = hidden, SentAt = now });
        return code;
    }

    /// <summary>The flow's present code, to be mailed; <see langword="null"/> if there is none any more.</summary>
    public async Task<string?> ReadAsync(Guid flowId, CancellationToken cancellationToken) =>
        await database.EmailCodes.AsNoTracking().SingleOrDefaultAsync(c => c.FlowId == flowId, cancellationToken) is { } present
            ? Encoding.ASCII.GetString(_protector.Unprotect(present.ProtectedCode))
            : null;

    /// <summary>Compares a code, after counting the try in one conditional update.</summary>
    public async Task<EmailCodeComparison> CompareAsync(Guid flowId, string code, CancellationToken cancellationToken)
    {
        var oldest = time.GetUtcNow() - EmailCode.Lifetime;
        var counted = await database.EmailCodes
            .Where(c => c.FlowId == flowId && c.SentAt > oldest && c.Tries < EmailCode.MaximumTries)
            .ExecuteUpdateAsync(update => update.SetProperty(c => c.Tries, c => c.Tries + 1), cancellationToken);
        if (counted != 1
            || await database.EmailCodes.AsNoTracking().SingleOrDefaultAsync(c => c.FlowId == flowId, cancellationToken) is not { } present)
        {
            return EmailCodeComparison.Ended;
        }

        return CryptographicOperations.FixedTimeEquals(_protector.Unprotect(present.ProtectedCode), Encoding.UTF8.GetBytes(code))
            ? EmailCodeComparison.Same
            : EmailCodeComparison.Different;
    }

    /// <summary>Spends the flow's code in the caller's transaction; of parallel attempts exactly one does.</summary>
    public static async Task<bool> SpendAsync(PortalDbContext database, Guid flowId, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        return await database.EmailCodes.Where(c => c.FlowId == flowId).ExecuteDeleteAsync(cancellationToken) == 1;
    }
}

/// <summary>What a comparison of e-mailed codes found.</summary>
public enum EmailCodeComparison
{
    /// <summary>Another code.</summary>
    Different = 0,

    /// <summary>The same code.</summary>
    Same = 1,

    /// <summary>There is no code to compare with: none was sent, it is too old, or it was tried too often.</summary>
    Ended = 2,
}
