using System.Collections.Concurrent;

namespace LoginPortal.Benchmarks;

/// <summary>Load on a server, and what became of it.</summary>
internal static class Load
{
    /// <summary>So many at a time, each asking again as soon as it is answered.</summary>
    /// <returns>How many a second succeeded.</returns>
    public static async Task<double> ClosedAsync(int atATime, TimeSpan duration, Func<Task<bool>> ask)
    {
        var started = TimeProvider.System.GetTimestamp();
        var succeeded = 0;
        await Task.WhenAll(Enumerable.Range(0, atATime).Select(_ => Task.Run(async () =>
        {
            while (TimeProvider.System.GetElapsedTime(started) < duration)
            {
                if (await ask())
                {
                    Interlocked.Increment(ref succeeded);
                }
            }
        })));
        return succeeded / TimeProvider.System.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>So many a second, whether or not the earlier ones have been answered.</summary>
    /// <returns>How long each took, in milliseconds, with what it answered.</returns>
    public static async Task<IReadOnlyCollection<(double Milliseconds, T Answer)>> OpenAsync<T>(double aSecond, TimeSpan duration, Func<Task<T>> ask)
    {
        var answers = new ConcurrentBag<(double, T)>();
        var asked = new List<Task>();
        var started = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        for (TimeSpan now; (now = TimeProvider.System.GetElapsedTime(started)) < duration; await timer.WaitForNextTickAsync())
        {
            for (var due = (int)(now.TotalSeconds * aSecond) - asked.Count; due > 0; due--)
            {
                asked.Add(Task.Run(async () =>
                {
                    var begun = TimeProvider.System.GetTimestamp();
                    var answer = await ask();
                    answers.Add((TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds, answer));
                }));
            }
        }

        await Task.WhenAll(asked);
        return answers;
    }

    public static HttpClient Client(Uri origin) =>
        new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 512 }) { BaseAddress = origin, Timeout = TimeSpan.FromMinutes(2) };
}
