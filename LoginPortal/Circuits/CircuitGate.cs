using System.Collections.Concurrent;
using LoginPortal.Core.Setup;
using LoginPortal.Core.Telemetry;
using Microsoft.Extensions.Options;

namespace LoginPortal.Circuits;

/// <summary>
/// Counts the circuits' connections of this node, in all and by network address. Above the limits pages are served without a
/// circuit: they are plain forms then, and lose nothing but comfort.
/// </summary>
internal sealed class CircuitGate
{
    private readonly IOptions<PortalOptions> _options;
    private readonly PortalMetrics _metrics;
    private readonly ConcurrentDictionary<string, int> _byAddress = new(StringComparer.Ordinal);
    private int _total;

    public CircuitGate(IOptions<PortalOptions> options, PortalMetrics metrics)
    {
        (_options, _metrics) = (options, metrics);
        metrics.ObserveCircuits(() => Count);
    }

    /// <summary>Connections now.</summary>
    public int Count => Volatile.Read(ref _total);

    /// <summary>Whether a page for this address should offer a circuit.</summary>
    public bool HasRoom(string? address) =>
        Count < _options.Value.MaximumCircuits
        && _byAddress.GetValueOrDefault(address ?? "") < _options.Value.MaximumCircuitsPerAddress;

    /// <summary>Takes a place; <see langword="null"/> if there is none. Disposing gives it back.</summary>
    public IDisposable? TryEnter(string? address)
    {
        var key = address ?? "";
        if (Interlocked.Increment(ref _total) > _options.Value.MaximumCircuits)
        {
            Interlocked.Decrement(ref _total);
            _metrics.CircuitRefused();
            return null;
        }

        if (_byAddress.AddOrUpdate(key, 1, (_, count) => count + 1) > _options.Value.MaximumCircuitsPerAddress)
        {
            Leave(key);
            _metrics.CircuitRefused();
            return null;
        }

        return new Place(this, key);
    }

    private void Leave(string key)
    {
        Interlocked.Decrement(ref _total);
        if (_byAddress.AddOrUpdate(key, 0, (_, count) => count - 1) <= 0)
        {
            _byAddress.TryRemove(new KeyValuePair<string, int>(key, 0));
        }
    }

    private sealed class Place(CircuitGate gate, string key) : IDisposable
    {
        private int _left;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _left, 1) == 0)
            {
                gate.Leave(key);
            }
        }
    }
}
