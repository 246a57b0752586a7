using System.Net;
using LoginPortal.Api.Tests.Contracts;
using LoginPortal.Core.Accounts;

namespace LoginPortal.Api.Tests.Admin;

/// <summary>The applications of a tenant over JSON.</summary>
public sealed class AdminClientTests(ApiFixture api) : ContractTestBase(api), IClassFixture<ApiFixture>
{
    private const string Clients = "/api/v1/admin/clients";

    [Fact]
    public async Task Application_IsRegisteredChangedGivenASecondSecretAndDeleted()
    {
        var token = await TokenAsync(PortalRole.TenantAdministrator);
        var (status, created) = await PostAsync(
            Clients, new { name = "Shop", kind = "web", redirect_uris = new[] { "https://shop.example.org/callback" } }, token);
        Assert.True(status == HttpStatusCode.OK, created.ToString());
        var client = created.GetProperty("data");
        Assert.Equal(43, Text(client, "client_secret")!.Length);
        Assert.Equal(("web", "client_secret"), (Text(client, "kind"), Text(client, "authentication")));
        var address = $"{Clients}/{Text(client, "id")}";

        var (_, shown) = await SendAsync(HttpMethod.Get, address, token: token);
        Assert.False(shown.GetProperty("data").TryGetProperty("client_secret", out var secret) && secret.GetString() is not null);
        var (_, changed) = await SendAsync(HttpMethod.Patch, address, new { name = "Store" }, token);
        Assert.Equal("Store", Text(changed.GetProperty("data"), "name"));
        Assert.Equal("https://shop.example.org/callback", changed.GetProperty("data").GetProperty("redirect_uris")[0].GetString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await SendAsync(HttpMethod.Patch, address, new { redirect_uris = new[] { "http://shop.example.org/" } }, token)).Status);

        var (_, second) = await PostAsync($"{address}/secrets", new { }, token);
        Assert.NotEqual(Text(client, "client_secret"), Text(second.GetProperty("data"), "client_secret"));
        var (full, error) = await PostAsync($"{address}/secrets", new { }, token);
        Assert.Equal((HttpStatusCode.Conflict, "no_room_for_secret"), (full, Text(error.GetProperty("error"), "code")));
        var old = Text(client.GetProperty("secrets")[0], "id");
        var (_, left) = await SendAsync(HttpMethod.Delete, $"{address}/secrets/{old}", token: token);
        Assert.Equal(1, left.GetProperty("data").GetProperty("secrets").GetArrayLength());

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Delete, address, token: token)).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, address, token: token)).Status);
    }

    [Fact]
    public async Task Application_OfAMember_IsRefused()
    {
        var token = await TokenAsync(PortalRole.Member);

        Assert.Equal(HttpStatusCode.Unauthorized, (await SendAsync(HttpMethod.Get, Clients)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, Clients, token: token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await PostAsync(Clients, new { name = "x", kind = "web" }, token)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Delete, $"{Clients}/{Guid.NewGuid()}", token: token)).Status);
    }

    private async Task<string> TokenAsync(PortalRole role)
    {
        await GivenAsync(configure: user => user.Role = role);
        return Text((await PostAsync("/v1/auth/login", new { email = Address, password = Password })).Json, "token")!;
    }
}
