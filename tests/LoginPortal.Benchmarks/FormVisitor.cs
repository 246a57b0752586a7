using System.Collections.Concurrent;
using System.Net;
using System.Text.RegularExpressions;

namespace LoginPortal.Benchmarks;

/// <summary>A browser that keeps its cookies, and begins many sign-ins.</summary>
internal sealed partial class FormVisitor : IDisposable
{
    private readonly HttpClient _client;
    private readonly int _people;
    private readonly string _cookies;
    private readonly string _antiforgery;
    private readonly ConcurrentQueue<string> _flows = new();
    private int _person;

    private FormVisitor(HttpClient client, int people, string cookies, string antiforgery)
    {
        _client = client;
        _people = people;
        _cookies = cookies;
        _antiforgery = antiforgery;
    }

    public static async Task<FormVisitor> ArriveAsync(HttpClient client, int people)
    {
        using var response = await client.GetAsync(new Uri($"t/{Installation.Slug}/sign-in", UriKind.Relative));
        var cookies = string.Join("; ", response.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0]));
        return new FormVisitor(client, people, cookies, Token().Match(await response.Content.ReadAsStringAsync()).Groups["token"].Value);
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
        using var response = await PostAsync("sign-in", "identify", ("username", Installation.Address(Interlocked.Increment(ref _person) % _people)));
        return response.Headers.Location is { } location && location.ToString().Contains("flow=", StringComparison.Ordinal)
            ? location.ToString().Split("flow=")[1]
            : throw new InvalidOperationException($"No flow was begun: {(int)response.StatusCode}.");
    }

    public async Task<SignInAnswer> EnterPasswordAsync(string? flow = null)
    {
        using var response = await PostAsync(
            $"sign-in?flow={flow ?? (_flows.TryDequeue(out var next) ? next : await IdentifyAsync())}", "password", ("password", SignInShare.Password));
        await response.Content.ReadAsByteArrayAsync();
        return response switch
        {
            { StatusCode: HttpStatusCode.Redirect or HttpStatusCode.SeeOther, Headers.Location: { } location } when !location.ToString().Contains("/sign-in", StringComparison.Ordinal) => SignInAnswer.Completed,
            { StatusCode: HttpStatusCode.ServiceUnavailable, Headers.RetryAfter: not null } => SignInAnswer.Refused,
            { StatusCode: HttpStatusCode.ServiceUnavailable } => SignInAnswer.RefusedWithoutTime,
            _ => SignInAnswer.Other,
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

/// <summary>What became of a password.</summary>
internal enum SignInAnswer
{
    Completed,
    Refused,
    RefusedWithoutTime,
    Other,
}
