using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;

namespace LoginPortal.Benchmarks;

/// <summary>
/// Three times as many passwords as can be hashed, posted as plain forms to a published portal, while others open pages. The flows are begun
/// beforehand, so that what arrives is passwords.
/// </summary>
internal static partial class OverloadBenchmark
{
    private const int People = 200;
    private const double PagesASecond = 10;

    private enum Answer
    {
        Completed,
        Refused,
        RefusedWithoutTime,
        Other,
    }

    public static async Task RunAsync(BenchmarkOptions options)
    {
        Console.WriteLine("| engine | peak | offered | completed | of the peak | of the peak, without the client | refused, with Retry-After | refusal p95 | other pages p95 |");
        Console.WriteLine("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
        var length = TimeSpan.FromSeconds(options.IsQuick ? 4 : 15);
        foreach (var provider in BenchmarkOptions.Providers)
        {
            await using var installation = await Installation.CreateAsync(provider, People);
            await using var portal = await installation.StartPortalAsync();
            using var visitor = await Visitor.ArriveAsync(portal.Origin);
            await WarmUpAsync(visitor);

            var peak = (Rate: 0.0, WithoutClient: 0.0);
            foreach (var atATime in (int[])[2, 4, 8, 16])
            {
                await visitor.PrepareAsync((int)(30 * length.TotalSeconds / 2));
                var machine = MachineShare.Start();
                var rate = await Load.ClosedAsync(atATime, length / 2, async () => await visitor.EnterPasswordAsync() == Answer.Completed);
                peak = (Math.Max(peak.Rate, rate), Math.Max(peak.WithoutClient, rate / machine.LeftByClient()));
            }

            await visitor.PrepareAsync((int)(3.2 * peak.Rate * length.TotalSeconds));
            var pages = Load.OpenAsync(PagesASecond, length, visitor.OpenPageAsync);
            var overloaded = MachineShare.Start();
            var answers = await Load.OpenAsync(3 * peak.Rate, length, () => visitor.EnterPasswordAsync());
            var left = overloaded.LeftByClient();
            var completed = answers.Count(one => one.Answer == Answer.Completed) / overloaded.Seconds;
            var refusals = answers.Where(one => one.Answer == Answer.Refused).Select(one => one.Milliseconds).ToList();
            var others = answers.Count(one => one.Answer is Answer.Other or Answer.RefusedWithoutTime);
            Console.WriteLine(Measurement.Text(
                $"| {provider} | {peak.Rate:0.0} /s | {answers.Count / length.TotalSeconds:0.0} /s | {completed:0.0} /s | {completed / peak.Rate:0.00} | {completed / left / peak.WithoutClient:0.00} | {refusals.Count} of {answers.Count}, {others} otherwise | {new Sample(refusals).At(0.95):0} ms | {new Sample((await pages).Select(page => page.Milliseconds)).At(0.95):0} ms |"));
        }
    }

    /// <summary>Completes, refuses and opens pages until client and portal have compiled what they need for it.</summary>
    private static async Task WarmUpAsync(Visitor visitor)
    {
        await visitor.PrepareAsync(300);
        await Load.OpenAsync(60, TimeSpan.FromSeconds(5), () => visitor.EnterPasswordAsync());
        await Load.ClosedAsync(2, TimeSpan.FromSeconds(2), visitor.OpenPageAsync);
    }

    /// <summary>
    /// What this process, which asks, leaves of the machine to those that answer. People ask from machines of their own; here asking three times as
    /// much takes what would have been hashed with.
    /// </summary>
    private sealed class MachineShare
    {
        private readonly long _started = TimeProvider.System.GetTimestamp();
        private readonly TimeSpan _used = Environment.CpuUsage.TotalTime;

        public double Seconds { get; private set; }

        public static MachineShare Start() => new();

        /// <summary>Ends the measurement.</summary>
        /// <returns>A share of all cores, less than 1.</returns>
        public double LeftByClient()
        {
            Seconds = TimeProvider.System.GetElapsedTime(_started).TotalSeconds;
            return 1 - ((Environment.CpuUsage.TotalTime - _used).TotalSeconds / Seconds / Environment.ProcessorCount);
        }
    }

    /// <summary>A browser that keeps its cookies, and begins many sign-ins.</summary>
    private sealed partial class Visitor : IDisposable
    {
        private readonly HttpClient _client;
        private readonly string _cookies;
        private readonly string _antiforgery;
        private readonly ConcurrentQueue<string> _flows = new();
        private int _person;

        private Visitor(HttpClient client, string cookies, string antiforgery)
        {
            _client = client;
            _cookies = cookies;
            _antiforgery = antiforgery;
        }

        public static async Task<Visitor> ArriveAsync(Uri origin)
        {
            var client = Load.Client(origin);
            using var response = await client.GetAsync(new Uri($"t/{Installation.Slug}/sign-in", UriKind.Relative));
            var cookies = string.Join("; ", response.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
            return new Visitor(client, cookies, Token().Match(await response.Content.ReadAsStringAsync()).Groups["token"].Value);
        }

        public async Task<bool> OpenPageAsync()
        {
            using var response = await _client.GetAsync(new Uri($"t/{Installation.Slug}/forgot-password", UriKind.Relative));
            await response.Content.ReadAsByteArrayAsync();
            return response.IsSuccessStatusCode;
        }

        public async Task PrepareAsync(int count)
        {
            while (_flows.Count < count)
            {
                await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => _flows.Enqueue(await IdentifyAsync())));
            }
        }

        public async Task<string> IdentifyAsync()
        {
            using var response = await PostAsync("sign-in", "identify", ("username", Installation.Address(Interlocked.Increment(ref _person) % People)));
            return response.Headers.Location is { } location && location.ToString().Contains("flow=", StringComparison.Ordinal)
                ? location.ToString().Split("flow=")[1]
                : throw new InvalidOperationException($"No flow was begun: {(int)response.StatusCode}.");
        }

        public async Task<Answer> EnterPasswordAsync(string? flow = null)
        {
            using var response = await PostAsync(
                $"sign-in?flow={flow ?? (_flows.TryDequeue(out var next) ? next : await IdentifyAsync())}", "password", ("password", SignInShare.Password));
            await response.Content.ReadAsByteArrayAsync();
            return response switch
            {
                { StatusCode: HttpStatusCode.Redirect or HttpStatusCode.SeeOther, Headers.Location: { } location } when !location.ToString().Contains("/sign-in", StringComparison.Ordinal) => Answer.Completed,
                { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter: not null } => Answer.Refused,
                { StatusCode: HttpStatusCode.ServiceUnavailable } => Answer.RefusedWithoutTime,
                _ => Answer.Other,
            };
        }

        public void Dispose() => _client.Dispose();

        private async Task<HttpResponseMessage> PostAsync(string address, string handler, (string Name, string Value) field)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, $"t/{Installation.Slug}/{address}")
            {
                Content = new FormUrlEncodedContent(
                [
                    KeyValuePair.Create("_handler", handler),
                    KeyValuePair.Create("__RequestVerificationToken", _antiforgery),
                    KeyValuePair.Create(field.Name, field.Value),
                ]),
                Headers = { { "Cookie", _cookies } },
            };
            return await _client.SendAsync(request);
        }

        [GeneratedRegex("name=\"__RequestVerificationToken\" value=\"(?<token>[^\"]+)\"", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
        private static partial Regex Token();
    }
}
