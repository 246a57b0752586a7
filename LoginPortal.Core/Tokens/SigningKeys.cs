using System.Security.Cryptography;
using LoginPortal.Core.Data;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using Secret = LoginPortal.Core.Data.Secret;

namespace LoginPortal.Core.Tokens;

/// <summary>
/// The keys of the portal. A key signs for 90 days; its successor is published 14 days before it takes over, so that whoever keeps a copy
/// of the published keys has it in time, and a key stays published for a day after its last signature.
/// </summary>
public sealed class SigningKeys : IDisposable
{
    /// <summary>How long a key signs.</summary>
    public static readonly TimeSpan SigningPeriod = TimeSpan.FromDays(90);

    /// <summary>How long before it takes over a key is published.</summary>
    public static readonly TimeSpan Announcement = TimeSpan.FromDays(14);

    /// <summary>How long after its last signature a key is published; longer than any access token lives.</summary>
    public static readonly TimeSpan Overlap = TimeSpan.FromDays(1);

    /// <summary>How long a node trusts its copy of the keys.</summary>
    private static readonly TimeSpan CopyLifetime = TimeSpan.FromMinutes(5);

    private readonly IServiceScopeFactory _scopes;
    private readonly TimeProvider _time;
    private readonly IDataProtector _protector;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private volatile KeyRing? _ring;

    /// <summary>Makes the one instance of a process.</summary>
    public SigningKeys(IServiceScopeFactory scopes, IDataProtectionProvider protection, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(protection);
        _scopes = scopes;
        _time = time;
        _protector = protection.CreateProtector("LoginPortal.Tokens.SigningKey.v1");
    }

    /// <summary>The key that signs now. Never to be asked for inside a transaction: the first call makes the first key.</summary>
    public async Task<ECDsaSecurityKey> GetCurrentAsync(CancellationToken cancellationToken) =>
        (await GetRingAsync(cancellationToken)).CurrentAt(_time.GetUtcNow());

    /// <summary>The published key with this identifier; <see langword="null"/> if there is none.</summary>
    public async Task<ECDsaSecurityKey?> FindAsync(string? keyId, CancellationToken cancellationToken)
    {
        var ring = await GetRingAsync(cancellationToken);
        if (ring.Find(keyId, _time.GetUtcNow()) is { } known)
        {
            return known;
        }

        // Another node may have made a key since this one looked.
        return ring.ReadAt == _time.GetUtcNow() ? null : (await ReadAsync(cancellationToken)).Find(keyId, _time.GetUtcNow());
    }

    /// <summary>The public halves of every key that a token may be signed with, as a JSON Web Key Set (RFC 7517, 5).</summary>
    public async Task<PublishedKeySet> GetPublishedAsync(CancellationToken cancellationToken) =>
        (await GetRingAsync(cancellationToken)).PublishedAt(_time.GetUtcNow());

    /// <summary>
    /// Has another key sign before its time. The present one stays published for <see cref="Overlap"/> after its last signature, so that what it signed
    /// can still be checked; other nodes notice within the five minutes that they trust their copy of the keys.
    /// </summary>
    /// <param name="database">In the caller's transaction; once it is committed, <see cref="Forget"/>.</param>
    /// <param name="newestKeyId">The newest key, as the caller saw it.</param>
    /// <param name="after">From when the other key signs; an hour gives whoever keeps a copy of the published keys time to see it.</param>
    /// <param name="revoke">
    /// Whether no key of before is believed any longer, because one may be known to somebody: every access token ends at once, and
    /// <paramref name="after"/> does not matter.
    /// </param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>
    /// From when the other key signs, UTC; <see langword="null"/> if there is a newer key already: the transaction is to be given up then.
    /// </returns>
    internal async Task<DateTimeOffset?> RotateAsync(
        PortalDbContext database, string newestKeyId, TimeSpan after, bool revoke, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var from = revoke ? now : now + after;
        var newest = await database.SigningKeys.AsNoTracking().OrderByDescending(key => key.Number).FirstOrDefaultAsync(cancellationToken);
        if (newest is null || newest.Id != newestKeyId)
        {
            return null;
        }

        // A successor that is published already is known to whoever keeps a copy; it only signs sooner, if at all.
        var isPlanned = !revoke && newest.SignsFrom > now;
        from = isPlanned && newest.SignsFrom < from ? newest.SignsFrom : from;
        var (until, published) = (from + SigningPeriod, from + SigningPeriod + Overlap);
        if (revoke)
        {
            await database.SigningKeys.ExecuteDeleteAsync(cancellationToken);
        }
        else
        {
            await database.SigningKeys.Where(key => key.SignsFrom <= now && key.SignsUntil > from).ExecuteUpdateAsync(
                update => update.SetProperty(key => key.SignsUntil, from).SetProperty(key => key.PublishedUntil, from + Overlap), cancellationToken);
        }

        if (isPlanned)
        {
            await database.SigningKeys.Where(key => key.Id == newestKeyId).ExecuteUpdateAsync(
                update => update
                    .SetProperty(key => key.SignsFrom, from).SetProperty(key => key.SignsUntil, until).SetProperty(key => key.PublishedUntil, published),
                cancellationToken);
            return from;
        }

        Add(database, newest.Number + 1, from, now);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Somebody else made the key of this number at the same moment.
            database.ChangeTracker.Clear();
            return null;
        }

        return from;
    }

    /// <summary>Forgets this node's copy of the keys, so that a rotation that has just been done holds here at once.</summary>
    internal void Forget() => _ring = null;

    /// <inheritdoc />
    public void Dispose() => _turn.Dispose();

    private async Task<KeyRing> GetRingAsync(CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        return _ring is { } ring && ring.ReadAt + CopyLifetime > now && ring.ReadAt <= now && !ring.LacksSuccessorAt(now)
            ? ring
            : await ReadAsync(cancellationToken);
    }

    private async Task<KeyRing> ReadAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await using var scope = _scopes.CreateAsyncScope();
            var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
            var now = _time.GetUtcNow();

            // Read before the keys: a key that another node makes from here on either is among them, or has the number that this one would take.
            var last = await LastNumberAsync(database, cancellationToken);
            var ring = await LoadAsync(database, now, cancellationToken);
            if (ring.LacksSuccessorAt(now))
            {
                await AddNextAsync(database, ring, last + 1, now, cancellationToken);
                ring = await LoadAsync(database, now, cancellationToken);
            }

            return _ring = ring;
        }
        finally
        {
            _turn.Release();
        }
    }

    private async Task<KeyRing> LoadAsync(PortalDbContext database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var rows = await database.SigningKeys.AsNoTracking()
            .Where(key => key.PublishedUntil > now)
            .OrderBy(key => key.Number)
            .ToListAsync(cancellationToken);
        return new KeyRing(now, [.. rows.Select(row => new KeyOfRing(row, Open(row)))]);
    }

    private static async Task<int> LastNumberAsync(PortalDbContext database, CancellationToken cancellationToken) =>
        await database.SigningKeys.MaxAsync(row => (int?)row.Number, cancellationToken) ?? 0;

    private async Task AddNextAsync(PortalDbContext database, KeyRing ring, int number, DateTimeOffset now, CancellationToken cancellationToken)
    {
        Add(database, number, ring.LastSignature is { } last && last > now ? last : now, now);
        try
        {
            await database.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (exception.IsUniqueViolation())
        {
            // Another node made the same key number at the same moment: theirs is the key.
            database.ChangeTracker.Clear();
        }
    }

    private void Add(PortalDbContext database, int number, DateTimeOffset from, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        database.SigningKeys.Add(new SigningKey
        {
            Id = Secret.Create()[..16],
            Number = number,
            ProtectedKey = _protector.Protect(key.ExportPkcs8PrivateKey()),
            CreatedAt = now,
            SignsFrom = from,
            SignsUntil = from + SigningPeriod,
            PublishedUntil = from + SigningPeriod + Overlap,
        });
    }

    private ECDsaSecurityKey Open(SigningKey row)
    {
        var key = ECDsa.Create();
        key.ImportPkcs8PrivateKey(_protector.Unprotect(row.ProtectedKey), out _);
        return new ECDsaSecurityKey(key) { KeyId = row.Id };
    }

    private sealed record KeyOfRing(SigningKey Row, ECDsaSecurityKey Key);

    private sealed record KeyRing(DateTimeOffset ReadAt, IReadOnlyList<KeyOfRing> Keys)
    {
        public DateTimeOffset? LastSignature => Keys.Count == 0 ? null : Keys.Max(key => key.Row.SignsUntil);

        public bool LacksSuccessorAt(DateTimeOffset now) => LastSignature is not { } last || last - Announcement <= now;

        public ECDsaSecurityKey CurrentAt(DateTimeOffset now) => Keys.Last(key => key.Row.SignsFrom <= now).Key;

        public ECDsaSecurityKey? Find(string? keyId, DateTimeOffset now) =>
            Keys.SingleOrDefault(key => key.Row.Id == keyId && key.Row.PublishedUntil > now)?.Key;

        public PublishedKeySet PublishedAt(DateTimeOffset now) =>
            new([.. Keys.Where(key => key.Row.PublishedUntil > now).Select(key => PublishedKey.Of(key.Key))]);
    }
}
