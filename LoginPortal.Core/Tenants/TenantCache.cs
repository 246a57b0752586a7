namespace LoginPortal.Core.Tenants;

/// <summary>
/// The tenants that this node knows by heart. It answers only while the node hears of changes, see <see cref="TenantChangeListener"/>: while
/// the connection for that is away, or has not shown a sign of life for a while, the database is asked each time.
/// </summary>
public sealed class TenantCache(TimeProvider time)
{
    /// <summary>More tenants than this are forgotten all at once; they are read again when they are asked for.</summary>
    private const int Capacity = 2_000;

    private readonly Lock _lock = new();
    private readonly Dictionary<Guid, TenantProfile> _profiles = [];
    private readonly Dictionary<string, Guid> _ids = new(StringComparer.Ordinal);
    private DateTimeOffset _trustedUntil;
    private long _moment;

    /// <summary>A number that is another after each change; to be taken before a tenant is read, and given when it is kept.</summary>
    internal long Moment
    {
        get
        {
            lock (_lock)
            {
                return _moment;
            }
        }
    }

    /// <summary>The tenant as it is; <see langword="null"/> if that is not known here.</summary>
    internal TenantProfile? Find(Guid id)
    {
        lock (_lock)
        {
            return time.GetUtcNow() < _trustedUntil ? _profiles.GetValueOrDefault(id) : null;
        }
    }

    /// <summary>The tenant with this slug as it is; <see langword="null"/> if that is not known here.</summary>
    internal TenantProfile? Find(string slug)
    {
        lock (_lock)
        {
            return _ids.TryGetValue(slug, out var id) && Find(id) is { } known && known.Slug == slug ? known : null;
        }
    }

    /// <summary>Keeps what was read, unless a change was heard of since <paramref name="moment"/>: what was read may then be from before it.</summary>
    internal void Keep(TenantProfile profile, long moment)
    {
        lock (_lock)
        {
            // Whether changes are still heard of at this moment does not matter here: whatever is missed meanwhile is heard before the next answer.
            if (moment != _moment || _trustedUntil == default)
            {
                return;
            }

            if (_profiles.Count >= Capacity)
            {
                _profiles.Clear();
                _ids.Clear();
            }

            _profiles[profile.Id] = profile;
            _ids[profile.Slug] = profile.Id;
        }
    }

    /// <summary>A tenant was changed, on this node or another.</summary>
    internal void Forget(Guid id)
    {
        lock (_lock)
        {
            _moment++;
            _profiles.Remove(id);
        }
    }

    /// <summary>From now on changes are heard of; what was kept before may be outdated.</summary>
    internal void Begin(TimeSpan trust)
    {
        lock (_lock)
        {
            _moment++;
            _profiles.Clear();
            _ids.Clear();
            _trustedUntil = time.GetUtcNow() + trust;
        }
    }

    /// <summary>Changes were still heard of a moment ago.</summary>
    internal void GoOn(TimeSpan trust)
    {
        lock (_lock)
        {
            _trustedUntil = time.GetUtcNow() + trust;
        }
    }

    /// <summary>Changes are no longer heard of.</summary>
    internal void End()
    {
        lock (_lock)
        {
            _moment++;
            _profiles.Clear();
            _ids.Clear();
            _trustedUntil = default;
        }
    }
}
