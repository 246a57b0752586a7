using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Core.Totp;

/// <summary>
/// Setting up an authenticator app: a pending seed is shown, a code of it proves that the app has it, and from then on nobody can
/// read it again. A person has at most one pending seed.
/// </summary>
public sealed class TotpEnrolments(PortalDbContext database, TotpSeeds seeds, TenantContext tenant, TimeProvider time)
{
    /// <summary>How long a pending seed may wait for its code; an older one is replaced.</summary>
    public static readonly TimeSpan PendingLifetime = TimeSpan.FromHours(1);

    /// <summary>The person's pending seed, made if there is none. Saves.</summary>
    public async Task<TotpEnrolment> ShowPendingAsync(PortalUser user, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(user);
        var now = time.GetUtcNow();
        var oldest = now - PendingLifetime;
        var pending = await PendingOf(user.Id)
            .Where(authenticator => authenticator.CreatedAt > oldest)
            .OrderByDescending(authenticator => authenticator.Id)
            .FirstOrDefaultAsync(cancellationToken);
        if (pending is null)
        {
            await PendingOf(user.Id).ExecuteDeleteAsync(cancellationToken);
            pending = new Authenticator
            {
                Id = Guid.CreateVersion7(now),
                TenantId = tenant.Required.Id,
                UserId = user.Id,
                Name = "",
                ProtectedSeed = seeds.Create(),
                CreatedAt = now,
            };
            database.Authenticators.Add(pending);
            await database.SaveChangesAsync(cancellationToken);
        }

        return Describe(pending, user);
    }

    /// <summary>The pending authenticator that <paramref name="code"/> belongs to, with the step of the code.</summary>
    /// <returns><see langword="null"/> if nothing is pending or the code is wrong.</returns>
    public async Task<MatchedCode?> MatchPendingAsync(Guid userId, string? code, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var oldest = now - PendingLifetime;
        var pending = await PendingOf(userId).Where(a => a.CreatedAt > oldest).ToListAsync(cancellationToken);
        return Match(pending, code, now);
    }

    /// <summary>The confirmed authenticator that <paramref name="code"/> belongs to, with the step of the code.</summary>
    public async Task<MatchedCode?> MatchConfirmedAsync(Guid userId, string? code, CancellationToken cancellationToken)
    {
        var confirmed = await database.Authenticators
            .Where(authenticator => authenticator.UserId == userId && authenticator.ConfirmedAt != null)
            .ToListAsync(cancellationToken);
        return Match(confirmed, code, time.GetUtcNow());
    }

    /// <summary>
    /// Spends a step of the person, in the caller's transaction: of parallel codes exactly one finds a step that is later than the
    /// last. A step is never used again, whichever app it came from and wherever the clock goes.
    /// </summary>
    /// <returns><see langword="false"/> if the step, or a later one, has been used.</returns>
    public static async Task<bool> SpendStepAsync(PortalDbContext database, Guid userId, long step, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(database);
        return await database.Users
            .Where(user => user.Id == userId && (user.LastTotpStep == null || user.LastTotpStep < step))
            .ExecuteUpdateAsync(user => user.SetProperty(u => u.LastTotpStep, step), cancellationToken) == 1;
    }

    private MatchedCode? Match(List<Authenticator> authenticators, string? code, DateTimeOffset now)
    {
        if (TotpCode.Normalize(code) is not { } digits)
        {
            return null;
        }

        MatchedCode? found = null;
        foreach (var authenticator in authenticators)
        {
            if (TotpCode.FindStep(seeds.Read(authenticator), digits, now) is { } step)
            {
                found = new MatchedCode(authenticator, step);
            }
        }

        return found;
    }

    private IQueryable<Authenticator> PendingOf(Guid userId) =>
        database.Authenticators.Where(authenticator => authenticator.UserId == userId && authenticator.ConfirmedAt == null);

    private TotpEnrolment Describe(Authenticator pending, PortalUser user)
    {
        var key = Base32.Encode(seeds.Read(pending));
        var issuer = Uri.EscapeDataString(tenant.Required.DisplayName);
        var account = Uri.EscapeDataString(user.Email ?? "");
        return new TotpEnrolment(
            $"otpauth://totp/{issuer}:{account}?secret={key}&issuer={issuer}&algorithm=SHA1&digits={TotpCode.Digits}&period={TotpCode.StepSeconds}",
            string.Join(' ', key.Chunk(4).Select(group => new string(group))))
        {
            Id = pending.Id,
        };
    }
}

/// <summary>What a person needs to set up an app.</summary>
/// <param name="Uri">The key URI that the QR code holds; issuer and label are the tenant's and the person's.</param>
/// <param name="Key">The seed in Base32, in groups of four, to be typed.</param>
public sealed record TotpEnrolment(string Uri, string Key)
{
    /// <summary>Names the pending app. Opens nothing.</summary>
    public Guid Id { get; init; }

    /// <summary>The seed in Base32 without the groups.</summary>
    public string Secret => Key.Replace(" ", "", StringComparison.Ordinal);
}

/// <summary>A code that was right.</summary>
/// <param name="Authenticator">The app it came from.</param>
/// <param name="Step">Its step.</param>
public sealed record MatchedCode(Authenticator Authenticator, long Step);
