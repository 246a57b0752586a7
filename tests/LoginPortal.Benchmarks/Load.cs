using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

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

    /// <summary>A client that keeps no cookies.</summary>
    /// <param name="origin">Whom it asks.</param>
    /// <param name="from">The address that it asks from; <see langword="null"/> for whichever the system takes.</param>
    public static HttpClient Client(Uri origin, IPAddress? from = null)
    {
        var handler = new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false, UseCookies = false, MaxConnectionsPerServer = 512 };
        if (from is not null)
        {
            handler.ConnectCallback = async (context, cancellation) =>
            {
                var socket = new Socket(from.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(from, 0));
                await socket.ConnectAsync(IPAddress.Loopback, context.DnsEndPoint.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            };
        }

        return new(handler) { BaseAddress = origin, Timeout = TimeSpan.FromMinutes(2) };
    }
}
