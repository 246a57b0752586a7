using Microsoft.AspNetCore.Components;

namespace LoginPortal.Components.Shared;

/// <summary>A component whose work is given up when the page that it is on is gone.</summary>
public abstract class CancellableComponent : ComponentBase, IDisposable
{
    private readonly CancellationTokenSource _disposed = new();

    /// <summary>Takes the token at once.</summary>
    protected CancellableComponent()
    {
        UntilDisposed = _disposed.Token;
    }

    /// <summary>
    /// Cancelled when the component is disposed of. Kept from the start: a component may be told that it was drawn after it has been
    /// disposed of, when the source gives no token any more.
    /// </summary>
    protected CancellationToken UntilDisposed { get; }

    /// <inheritdoc />
    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Cancels what is under way.</summary>
    protected virtual void Dispose(bool disposing)
    {
        if (disposing)
        {
            _disposed.Cancel();
            _disposed.Dispose();
        }
    }
}
