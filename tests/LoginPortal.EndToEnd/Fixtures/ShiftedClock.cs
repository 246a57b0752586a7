namespace LoginPortal.EndToEnd.Fixtures;

/// <summary>The real clock, put forward by as much as a test asks for. Timers run in real time.</summary>
public sealed class ShiftedClock : TimeProvider
{
    private long _shift;
    private Exception? _failure;

    /// <summary>What whoever asks for the time gets instead of it: a fault in the middle of the portal's work.</summary>
    public Exception? Failure
    {
        get => Volatile.Read(ref _failure);
        set => Volatile.Write(ref _failure, value);
    }

    public override DateTimeOffset GetUtcNow() =>
        Failure is { } failure ? throw failure : base.GetUtcNow() + new TimeSpan(Interlocked.Read(ref _shift));

    public void Advance(TimeSpan by) => Interlocked.Add(ref _shift, by.Ticks);
}
