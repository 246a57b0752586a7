using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Totp;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Api.Tests.Contracts;

/// <summary>People and calls for tests of what one contract alone does.</summary>
public abstract class ContractTestBase(ApiHostFixture api) : IDisposable
{
    protected const string Password = "blue-kettle-walks-at-noon";
    protected const string OtherPassword = "seven-lamps-beside-the-harbour";

    private readonly HttpClient _http = api.CreateClient();

    protected static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    protected ApiHostFixture Api => api;

    protected string Address { get; } = $"p{Guid.NewGuid():N}@people.example";

    public void Dispose()
    {
        _http.Dispose();
        Assert.Empty(api.Errors.Lines);
        GC.SuppressFinalize(this);
    }

    /// <summary>The network address that requests come from; <see langword="null"/> for that of every other test.</summary>
    protected string? NetworkAddress { get; set; }

    /// <summary>How long the last answer says to wait.</summary>
    protected TimeSpan? RetryAfter { get; private set; }

    protected async Task<(HttpStatusCode Status, JsonElement Json)> SendAsync(HttpMethod method, string path, object? body = null, string? token = null, string? tenant = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body switch { null => null, byte[] raw => new ByteArrayContent(raw), _ => JsonContent.Create(body) } };
        if (token is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (tenant is not null)
        {
            request.Headers.Add("X-Tenant-ID", tenant);
        }

        if (NetworkAddress is not null)
        {
            request.Headers.Add(TestNetwork.Header, NetworkAddress);
        }

        using var response = await _http.SendAsync(request, Cancellation);
        RetryAfter = response.Headers.RetryAfter?.Delta;
        return (response.StatusCode, response.StatusCode == HttpStatusCode.NoContent ? default : await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation));
    }

    protected Task<(HttpStatusCode Status, JsonElement Json)> PostAsync(string path, object body, string? token = null) =>
        SendAsync(HttpMethod.Post, path, body, token);

    protected async Task<TenantProfile> FindTenantAsync(string slug)
    {
        await using var scope = api.Core.CreateScope();
        return (await scope.ServiceProvider.GetRequiredService<TenantDirectory>().FindBySlugAsync(slug, Cancellation))!;
    }

    protected async Task<PortalUser> GivenAsync(TenantProfile? tenant = null, Action<PortalUser>? configure = null) =>
        await api.Core.CreateUserAsync(tenant ?? await FindTenantAsync("acme"), Address, Password, configure);

    protected async Task<byte[]> AddAuthenticatorAsync(PortalUser user)
    {
        ArgumentNullException.ThrowIfNull(user);
        await using var scope = api.Core.CreateScope();
        var seeds = scope.ServiceProvider.GetRequiredService<TotpSeeds>();
        var now = api.Clock.GetUtcNow();
        var app = new Authenticator
        {
            Id = Guid.CreateVersion7(now), TenantId = user.TenantId, UserId = user.Id, Name = "Phone", ProtectedSeed = seeds.Create(), CreatedAt = now, ConfirmedAt = now,
        };
        scope.ServiceProvider.GetRequiredService<PortalDbContext>().Authenticators.Add(app);
        await scope.ServiceProvider.GetRequiredService<PortalDbContext>().SaveChangesAsync(Cancellation);
        return seeds.Read(app);
    }

    protected string CodeOf(byte[] seed) => TotpCode.Compute(seed, TotpCode.StepAt(api.Clock.GetUtcNow()));

    protected static string? Text(JsonElement json, string name) => json.GetProperty(name).GetString();

    /// <summary>The members that have no value, in the order in which they are sent.</summary>
    protected static string NullsOf(JsonElement json) =>
        string.Join(' ', json.EnumerateObject().Where(member => member.Value.ValueKind == JsonValueKind.Null).Select(member => member.Name));

    protected static string NamesOf(JsonElement json) => string.Join(' ', json.EnumerateObject().Select(member => member.Name));
}
