using System.Buffers.Binary;
using System.Net.WebSockets;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace LoginPortal.Benchmarks;

/// <summary>As much of Blazor's client as opens the circuit of a page and keeps it: the hub's protocol (blazorpack), without a browser.</summary>
internal sealed partial class CircuitClient : IAsyncDisposable
{
    private readonly ClientWebSocket _socket = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly TaskCompletionSource _drawn = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private Task _receiving = Task.CompletedTask;

    /// <summary>Opens the page's circuit, and waits until the page has been drawn in it.</summary>
    /// <returns><see langword="null"/> if the page offers no circuit.</returns>
    /// <exception cref="WebSocketException">The server refuses the connection.</exception>
    public static async Task<CircuitClient?> OpenAsync(HttpClient http, string page)
    {
        using var response = await http.GetAsync(new Uri(page, UriKind.Relative));
        var html = await response.Content.ReadAsStringAsync();
        var markers = Marker().Matches(html).Select(match => match.Groups["json"].Value).Where(json => json.Contains("\"type\":\"server\"", StringComparison.Ordinal) && json.Contains("\"descriptor\"", StringComparison.Ordinal)).ToList();
        if (markers.Count == 0)
        {
            return null;
        }

        var origin = http.BaseAddress!;
        var root = new Uri(origin, page[..(page.LastIndexOf('/') + 1)]);
        var client = new CircuitClient();
        client._socket.Options.SetRequestHeader("Origin", origin.GetLeftPart(UriPartial.Authority));
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            client._socket.Options.SetRequestHeader("Cookie", string.Join("; ", cookies.Select(cookie => cookie.Split(';')[0])));
        }

        try
        {
            await client._socket.ConnectAsync(new UriBuilder(new Uri(root, "_blazor")) { Scheme = "ws" }.Uri, http, CancellationToken.None);
        }
        catch (WebSocketException)
        {
            await client.DisposeAsync();
            throw;
        }

        await client.SendAsync("{\"protocol\":\"blazorpack\",\"version\":1}\u001e"u8.ToArray(), WebSocketMessageType.Text);
        client._receiving = client.ReceiveAsync();
        var state = State().Match(html).Groups["state"].Value;
        await client.InvokeAsync("StartCircuit", "0", root.ToString(), new Uri(origin, page).ToString(), "[]", state);
        var operations = JsonSerializer.Serialize(new
        {
            batchId = 1,
            operations = markers.Select((marker, index) => new { type = "add", ssrComponentId = index + 1, marker = JsonDocument.Parse(marker).RootElement }),
        });
        await client.InvokeAsync("UpdateRootComponents", null, operations, state);
        await client._drawn.Task.WaitAsync(TimeSpan.FromSeconds(60));
        return client;
    }

    /// <summary>Shows that it is still there, which a client does every 15 seconds.</summary>
    public Task PingAsync() => SendAsync([2, 0x91, 6], WebSocketMessageType.Binary);

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _socket.Abort();
        await _receiving;
        _socket.Dispose();
        _closing.Dispose();
    }

    private async Task ReceiveAsync()
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (true)
            {
                var filled = 0;
                WebSocketReceiveResult received;
                do
                {
                    received = await _socket.ReceiveAsync(new ArraySegment<byte>(buffer, filled, buffer.Length - filled), _closing.Token);
                    filled += received.Count;
                    if (filled == buffer.Length)
                    {
                        Array.Resize(ref buffer, 2 * buffer.Length);
                    }
                }
                while (!received.EndOfMessage);

                if (received.MessageType == WebSocketMessageType.Close)
                {
                    return;
                }

                await AcknowledgeAsync(buffer.AsMemory(0, filled));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or WebSocketException)
        {
            _drawn.TrySetException(exception);
        }
    }

    /// <summary>Says that each batch has been drawn; without that the server stops after ten.</summary>
    private async Task AcknowledgeAsync(ReadOnlyMemory<byte> data)
    {
        for (int at; (at = data.Span.IndexOf("JS.RenderBatch"u8)) >= 0;)
        {
            // After the name: an array of two, the batch's number, its bytes.
            data = data[(at + "JS.RenderBatch".Length + 1)..];
            var number = data.Span[0] switch
            {
                < 0x80 => data.Span[0],
                0xcc => data.Span[1],
                0xcd => BinaryPrimitives.ReadUInt16BigEndian(data.Span[1..]),
                var other => throw new InvalidOperationException($"No number begins with {other}."),
            };
            await InvokeAsync("OnRenderCompleted", null, (long)number, null);
            if (number >= 2)
            {
                _drawn.TrySetResult();
            }
        }

        if (data.Span.IndexOf("JS.Error"u8) >= 0)
        {
            _drawn.TrySetException(new InvalidOperationException(Encoding.UTF8.GetString(data.Span)));
        }
    }

    private Task InvokeAsync(string target, string? id, params object?[] arguments)
    {
        var message = new List<byte> { 0x95, 1, 0x80 };
        Write(message, id);
        Write(message, target);
        message.Add((byte)(0x90 | arguments.Length));
        foreach (var argument in arguments)
        {
            Write(message, argument);
        }

        var prefix = new List<byte>();
        for (var rest = message.Count; ; rest >>= 7)
        {
            prefix.Add((byte)((rest & 0x7f) | (rest > 0x7f ? 0x80 : 0)));
            if (rest <= 0x7f)
            {
                break;
            }
        }

        return SendAsync([.. prefix, .. message], WebSocketMessageType.Binary);
    }

    private Task SendAsync(byte[] message, WebSocketMessageType type) => _socket.SendAsync(message, type, endOfMessage: true, _closing.Token);

    /// <summary>MessagePack, as much as there is here: nothing, text, a number that is not negative.</summary>
    private static void Write(List<byte> message, object? value)
    {
        switch (value)
        {
            case null:
                message.Add(0xc0);
                break;
            case long number:
                Span<byte> eight = stackalloc byte[8];
                BinaryPrimitives.WriteInt64BigEndian(eight, number);
                message.Add(0xd3);
                message.AddRange(eight);
                break;
            default:
                var text = Encoding.UTF8.GetBytes((string)value);
                Span<byte> four = stackalloc byte[4];
                BinaryPrimitives.WriteInt32BigEndian(four, text.Length);
                message.Add(0xdb);
                message.AddRange(four);
                message.AddRange(text);
                break;
        }
    }

    [GeneratedRegex("<!--Blazor:(?<json>\\{.*?\\})-->", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Marker();

    [GeneratedRegex("<!--Blazor-Server-Component-State:(?<state>[^-]*)-->", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex State();
}
