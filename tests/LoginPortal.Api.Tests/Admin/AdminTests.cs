using System.Net;
using System.Text.Json;
using LoginPortal.Api.Tests.Contracts;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Administration;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Api.Tests.Admin;

public sealed class AdminSqliteTests(ApiFixture api) : AdminTests(api), IClassFixture<ApiFixture>;

public sealed class AdminPostgreSqlTests(PostgreSqlApiFixture api) : AdminTests(api), IClassFixture<PostgreSqlApiFixture>;

/// <summary>What administrators do over JSON, and who may not.</summary>
public abstract partial class AdminTests(ApiHostFixture api) : ContractTestBase(api)
{
    private const string Admin = "/api/v1/admin";

    private static readonly (HttpMethod Method, string Path, object? Body)[] TenantCalls =
    [
        (HttpMethod.Get, "/users", null), (HttpMethod.Post, "/users", new { email = "x@people.example" }), (HttpMethod.Post, "/users/invite", new { email = "x@people.example" }),
        (HttpMethod.Get, "/users/{id}", null), (HttpMethod.Patch, "/users/{id}", new { role = "member" }), (HttpMethod.Post, "/users/{id}/disable", null),
        (HttpMethod.Post, "/users/{id}/enable", null), (HttpMethod.Post, "/users/{id}/unlock", null), (HttpMethod.Post, "/users/{id}/reset-mfa", null),
        (HttpMethod.Post, "/users/{id}/end-sessions", null), (HttpMethod.Delete, "/users/{id}", null), (HttpMethod.Get, "/settings", null),
        (HttpMethod.Patch, "/settings", new { display_name = "X" }), (HttpMethod.Get, "/policy", null), (HttpMethod.Patch, "/policy", new { allow_passkeys = false }),
        (HttpMethod.Get, "/branding", null), (HttpMethod.Patch, "/branding/draft", new { document = new { corner_radius = 4 } }), (HttpMethod.Delete, "/branding/draft?version=1", null),
        (HttpMethod.Post, "/branding/publish", new { version = 1 }), (HttpMethod.Get, "/branding/revisions", null), (HttpMethod.Get, "/branding/revisions/{id}", null),
        (HttpMethod.Post, "/branding/revisions/{id}/restore", new { }), (HttpMethod.Get, "/branding/export", null),
        (HttpMethod.Post, "/branding/import", new { }), (HttpMethod.Post, "/branding/assets/logo", new { }), (HttpMethod.Get, "/audit", null), (HttpMethod.Get, "/audit/export", null),
    ];

    private static readonly (HttpMethod Method, string Path, object? Body)[] PlatformCalls =
    [
        (HttpMethod.Get, "/tenants", null), (HttpMethod.Post, "/tenants", new { slug = "x", display_name = "X" }), (HttpMethod.Get, "/tenants/{id}", null),
        (HttpMethod.Post, "/tenants/{id}/suspend", null), (HttpMethod.Post, "/tenants/{id}/resume", null), (HttpMethod.Delete, "/tenants/{id}", null),
    ];

    private TenantProfile Tenant { get; set; } = null!;

    private PortalUser Administrator { get; set; } = null!;

    [Fact]
    public async Task EveryCall_OfAMember_OrWithoutASignIn_IsRefused()
    {
        await GivenAdministratorAsync();
        var person = await PersonAsync();
        var member = await LoginAsync(Tenant, person.Email!);

        foreach (var (method, path, body) in TenantCalls.Concat(PlatformCalls))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(method, At(path, person.Id), body)).Status);
            await AssertRefusedAsync("not_allowed", member, method, path, body, person.Id);
        }
    }

    [Fact]
    public async Task EveryCall_OfATenantAdministrator_OnTenants_IsRefused()
    {
        var token = await GivenAdministratorAsync();
        foreach (var (method, path, body) in PlatformCalls)
        {
            await AssertRefusedAsync("not_allowed", token, method, path, body, Tenant.Id);
        }
    }

    [Fact]
    public async Task EveryCall_WithAnOldSignIn_OrAnApiKey_IsRefused()
    {
        var token = await GivenAdministratorAsync();
        var person = await PersonAsync();
        var (_, key) = await PostAsync("/accounts/api-key", new { key_name = "robot" }, token);
        var (_, robot) = await PostAsync("/accounts/auth-with-api-key", new { api_key = Text(key.GetProperty("data"), "api_key") });
        foreach (var (method, path, body) in TenantCalls)
        {
            await AssertRefusedAsync("sign_in_required", Text(robot.GetProperty("data"), "auth_token")!, method, path, body, person.Id);
        }

        token = await LaterAsync(AdministratorAccess.FreshFor + TimeSpan.FromMinutes(1));
        foreach (var (method, path, body) in TenantCalls)
        {
            await AssertRefusedAsync("sign_in_required", token, method, path, body, person.Id);
        }
    }

    [Fact]
    public async Task EveryCall_OnAPersonOfAnotherTenant_FindsNobody()
    {
        var token = await GivenAdministratorAsync();
        var elsewhere = await Api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20]);
        var stranger = await Api.Core.CreateUserAsync(elsewhere, $"stranger-{Address}", Password);

        foreach (var (method, path, body) in TenantCalls.Where(call => call.Path.Contains("{id}", StringComparison.Ordinal)))
        {
            List<string> answers = [];
            foreach (var id in (string[])[stranger.Id.ToString(), Guid.NewGuid().ToString(), "nobody"])
            {
                var (status, json) = await SendAsync(method, Admin + path.Replace("{id}", id, StringComparison.Ordinal), body, token);
                Assert.Equal(HttpStatusCode.NotFound, status);
                answers.Add($"{Text(json.GetProperty("error"), "code")} {Text(json.GetProperty("error"), "message")}");
            }

            Assert.Single(answers.Distinct(StringComparer.Ordinal));
        }

        Assert.Equal(0, (await GetAsync(token, $"/users?search=stranger-{Address}")).GetProperty("items").GetArrayLength());
        Assert.Equal(HttpStatusCode.OK, (await LoginResponseAsync(elsewhere, stranger.Email!)).Status);
    }

    private static string At(string path, Guid id) => Admin + path.Replace("{id}", id.ToString(), StringComparison.Ordinal);

    private async Task AssertRefusedAsync(string code, string token, HttpMethod method, string path, object? body, Guid id)
    {
        var (status, json) = await SendAsync(method, At(path, id), body, token);
        Assert.Equal((path, HttpStatusCode.Forbidden, code), (path, status, Text(json.GetProperty("error"), "code")));
    }

    /// <summary>A tenant of its own with one administrator, who is signed in.</summary>
    private async Task<string> GivenAdministratorAsync(TenantPolicy? policy = null)
    {
        Tenant = await Api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20], policy);
        Administrator = await Api.Core.CreateUserAsync(Tenant, Address, Password, user => user.Role = PortalRole.TenantAdministrator);
        return await LoginAsync(Tenant, Address);
    }

    private async Task<string> GivenOperatorAsync()
    {
        Tenant = await FindTenantAsync(TenantSlug.Platform);
        Administrator = await Api.Core.CreateUserAsync(Tenant, Address, Password, user => user.Role = PortalRole.PlatformOperator);
        return await LoginAsync(Tenant, Address);
    }

    private Task<PortalUser> PersonAsync(string name = "uma", Action<PortalUser>? configure = null) =>
        Api.Core.CreateUserAsync(Tenant, $"{name}-{Guid.NewGuid():N}@people.example", Password, configure);

    private async Task<string> LoginAsync(TenantProfile tenant, string address)
    {
        var (_, login) = await LoginResponseAsync(tenant, address);
        _refresh = Text(login.GetProperty("data"), "refresh_token") ?? "";
        return Text(login.GetProperty("data"), "access_token")!;
    }

    private Task<(HttpStatusCode Status, JsonElement Json)> LoginResponseAsync(TenantProfile tenant, string address) =>
        PostAsync($"/api/v1/auth/tenants/{tenant.Slug}/login", new { email = address, password = Password });

    /// <summary>The next access token of the same session, some time later.</summary>
    private async Task<string> LaterAsync(TimeSpan later)
    {
        var end = Api.Clock.GetUtcNow() + later;
        while (Api.Clock.GetUtcNow() < end)
        {
            Api.Clock.Advance(TimeSpan.FromMinutes(Math.Min(30, (end - Api.Clock.GetUtcNow()).TotalMinutes)));
            var (_, next) = await PostAsync($"/api/v1/auth/tenants/{Tenant.Slug}/token/refresh", new { refresh_token = _refresh });
            _refresh = Text(next.GetProperty("data"), "refresh_token")!;
            _access = Text(next.GetProperty("data"), "access_token")!;
        }

        return _access;
    }

    private string _refresh = "";
    private string _access = "";

    private async Task<JsonElement> GetAsync(string token, string path)
    {
        var (status, json) = await SendAsync(HttpMethod.Get, Admin + path, token: token);
        Assert.Equal(HttpStatusCode.OK, status);
        return json.GetProperty("data");
    }

    private async Task<JsonElement> DoAsync(string token, HttpMethod method, string path, object? body = null)
    {
        var (status, json) = await SendAsync(method, Admin + path, body, token);
        Assert.True(status == HttpStatusCode.OK, json.GetRawText());
        return json.GetProperty("data");
    }

    private async Task<string?> RefusedAsync(HttpStatusCode expected, string token, HttpMethod method, string path, object? body = null)
    {
        var (status, json) = await SendAsync(method, Admin + path, body, token);
        Assert.True(status == expected, json.GetRawText());
        return Text(json.GetProperty("error"), "code");
    }

    private static IEnumerable<string> ProblemsOf(JsonElement json) => json.GetProperty("detail").EnumerateArray().Select(entry =>
        $"{string.Join('.', entry.GetProperty("loc").EnumerateArray().Skip(1).Select(place => place.GetString()))} {Text(entry, "type")}");

    /// <summary>The tenant's events of a kind, the newest first, as the API tells them.</summary>
    private async Task<JsonElement> EventsAsync(string token, string kind) => (await GetAsync(token, $"/audit?kind={kind}")).GetProperty("items");

    private async Task<T> ReadAsync<T>(Func<Core.Data.PortalDbContext, Task<T>> read)
    {
        await using var scope = Api.Core.OpenTenant(Tenant);
        return await read(scope.Database);
    }
}
