using System.Globalization;
using LoginPortal.EndToEnd.Fixtures;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace LoginPortal.EndToEnd.Looks;

/// <summary>How many bytes a first visit transfers: until the form can be used, and in all.</summary>
internal static class PageWeight
{
    /// <summary>What must be there before the browser shows the page: the page itself and its stylesheets. Scripts are deferred.</summary>
    private static readonly HashSet<string> NeededForTheForm = new(StringComparer.Ordinal) { "Document", "Stylesheet" };

    public static async Task<int> MeasureAsync(string address)
    {
        await using var chromium = new Chromium();
        await chromium.InitializeAsync();
        await using var context = await chromium.NewContextAsync(new BrowserNewContextOptions { Locale = "en-GB" });
        var page = await context.NewPageAsync();
        var network = await context.NewCDPSessionAsync(page);
        var requests = new Dictionary<string, Request>(StringComparer.Ordinal);
        long frames = 0;
        network.Event("Network.responseReceived").OnEvent += (_, message) =>
        {
            var response = message!.Value.GetProperty("response");
            var id = message.Value.GetProperty("requestId").GetString()!;
            requests[id] = new Request(
                message.Value.GetProperty("type").GetString()!, new Uri(response.GetProperty("url").GetString()!).AbsolutePath, Bytes: 0);
        };
        network.Event("Network.loadingFinished").OnEvent += (_, message) =>
        {
            if (requests.TryGetValue(message!.Value.GetProperty("requestId").GetString()!, out var request))
            {
                requests[message.Value.GetProperty("requestId").GetString()!] =
                    request with { Bytes = (long)message.Value.GetProperty("encodedDataLength").GetDouble() };
            }
        };
        page.WebSocket += (_, socket) =>
        {
            socket.FrameReceived += (_, frame) => frames += frame.Binary?.Length ?? frame.Text?.Length ?? 0;
            socket.FrameSent += (_, frame) => frames += frame.Binary?.Length ?? frame.Text?.Length ?? 0;
        };
        await network.SendAsync("Network.enable");

        await page.GotoAsync(address);
        await Expect(page.Locator(".page")).ToHaveAttributeAsync("data-interactive", "true");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        foreach (var (type, path, bytes) in requests.Values)
        {
            await WriteAsync(bytes, $"{type}: {path}");
        }

        await WriteAsync(frames, "circuit");
        await WriteAsync(requests.Values.Where(request => NeededForTheForm.Contains(request.Type)).Sum(request => request.Bytes), "until the form can be used");
        await WriteAsync(requests.Values.Sum(request => request.Bytes) + frames, "in all");
        return 0;
    }

    private static Task WriteAsync(long bytes, string what) =>
        Console.Out.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{bytes,10:N0} bytes  {what}"));

    private sealed record Request(string Type, string Path, long Bytes);
}
