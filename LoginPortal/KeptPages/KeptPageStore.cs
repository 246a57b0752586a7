using LoginPortal.Core.Tenants;
using Microsoft.Extensions.Caching.Memory;

namespace LoginPortal.KeptPages;

/// <summary>The pages that this node keeps. Whoever asks says how the tenant is now, so that a page of before is not given.</summary>
internal sealed class KeptPageStore(TimeProvider time) : IDisposable
{
    /// <summary>
    /// How long a page is kept. A circuit starts only from a page that was drawn in the last five minutes (the framework's rule), and a browser may take its time.
    /// </summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(1);

    private const long MaximumBytes = 16 * 1024 * 1024;

    private readonly MemoryCache _pages = new(new MemoryCacheOptions { SizeLimit = MaximumBytes });

    /// <summary>A page of the tenant as it is now; <see langword="null"/> if none is kept.</summary>
    public KeptPage? Find(KeptPageKey key, TenantProfile tenant) =>
        _pages.TryGetValue(key, out KeptPage? page) && page!.KeptUntil > time.GetUtcNow() && page.Tenant == tenant ? page : null;

    /// <summary>Keeps a page that was drawn just now.</summary>
    public KeptPage Keep(KeptPageKey key, TenantProfile tenant, byte[] drawn)
    {
        var page = new KeptPage(drawn, tenant, time.GetUtcNow() + Lifetime);
        return _pages.Set(key, page, new MemoryCacheEntryOptions { Size = page.Size, AbsoluteExpirationRelativeToNow = Lifetime });
    }

    public void Dispose() => _pages.Dispose();
}

/// <summary>What a page depends on beside its tenant.</summary>
/// <param name="Address">Its address without a query: links are written with the host.</param>
/// <param name="Culture">Its language, as a culture name.</param>
/// <param name="OffersCircuit">Whether a circuit can start from it.</param>
/// <param name="HasReturnUrl">Whether there is a <c>returnUrl</c> in the address.</param>
internal sealed record KeptPageKey(string Address, string? Culture, bool OffersCircuit, bool HasReturnUrl);
