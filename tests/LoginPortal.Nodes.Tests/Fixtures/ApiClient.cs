using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace LoginPortal.Nodes.Tests.Fixtures;

/// <summary>A client of the API at one node.</summary>
internal sealed class ApiClient(Uri origin) : IDisposable
{
    public const string Tenant = "/api/v1/auth/tenants/acme";

    private readonly HttpClient _client = new(Node.Connect()) { BaseAddress = origin };

    public Task<ApiAnswer> GetAsync(string address, string? token = null) => SendAsync(HttpMethod.Get, address, body: null, token);

    public Task<ApiAnswer> PostAsync(string address, object? body = null, string? token = null) => SendAsync(HttpMethod.Post, address, body, token);

    public async Task<ApiAnswer> SendAsync(HttpMethod method, string address, object? body, string? token)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, UriKind.Relative));
        if (body is not null)
        {
            request.Content = JsonContent.Create(body);
        }

        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        using var response = await _client.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        return new ApiAnswer(response.StatusCode, text.StartsWith('{') ? JsonNode.Parse(text)! : JsonValue.Create(text), response.Headers.RetryAfter?.Delta);
    }

    /// <summary>Signs in with the password that everybody has.</summary>
    public Task<ApiAnswer> SignInAsync(string address) =>
        PostAsync($"{Tenant}/login", new { email = address, password = Core.Setup.DemoData.Password });

    public void Dispose() => _client.Dispose();
}

/// <summary>What the API answered.</summary>
internal sealed record ApiAnswer(HttpStatusCode Status, JsonNode Json, TimeSpan? RetryAfter)
{
    /// <summary>A value of the answer's data.</summary>
    public string this[string name] => (string?)Json["data"]?[name] ?? throw new InvalidOperationException($"No {name} in {(int)Status} {Json}");
}
