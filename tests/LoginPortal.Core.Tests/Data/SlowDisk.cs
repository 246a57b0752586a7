namespace LoginPortal.Core.Tests.Data;

/// <summary>A disk that takes its time.</summary>
internal sealed class SlowDisk : IDisposable
{
    private readonly SemaphoreSlim _began = new(0);
    private readonly SemaphoreSlim _finish = new(0);
    private int _count;

    /// <summary>Whether it waits until it is told to finish.</summary>
    public volatile bool IsSlow;

    /// <summary>Whether it fails.</summary>
    public volatile bool IsBroken;

    /// <summary>How often it was waited for.</summary>
    public int Count
    {
        get => _count;
        set => _count = value;
    }

    public void Flush(string path)
    {
        Interlocked.Increment(ref _count);
        if (IsBroken)
        {
            throw new IOException("input/output error");
        }

        if (IsSlow)
        {
            _began.Release();
            _finish.Wait();
        }
    }

    public async Task BeganAsync() => Assert.True(await _began.WaitAsync(TimeSpan.FromSeconds(30)));

    public void Finish() => _finish.Release();

    public void Dispose()
    {
        _began.Dispose();
        _finish.Dispose();
    }
}
