using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace LoginPortal.Api.Tests;

public sealed class HttpTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private const string Branding = "/api/v1/auth/tenants/acme/branding";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("GET", Branding, HttpStatusCode.OK)]
    [InlineData("GET", "/api/v1/auth/tenants/nobody/branding", HttpStatusCode.NotFound)]
    [InlineData("GET", "/nothing/here", HttpStatusCode.NotFound)]
    [InlineData("POST", Branding, HttpStatusCode.MethodNotAllowed)]
    [InlineData("GET", "/health/live", HttpStatusCode.OK)]
    [InlineData("GET", "/health/ready", HttpStatusCode.OK)]
    public async Task Response_OfAnyStatus_CarriesTheHeadersOfAll(string method, string path, HttpStatusCode status)
    {
        using var client = api.CreateClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), path);

        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal("no-store", response.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", Assert.Single(response.Headers.GetValues("X-Content-Type-Options")));
        Assert.NotEmpty(Assert.Single(response.Headers.GetValues("X-Request-Id")));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("/nothing/here", "not_found")]
    [InlineData("/", "not_found")]
    public async Task Error_WithoutEndpoint_IsTheErrorShapeWithTheRequestsName(string path, string code)
    {
        using var client = api.CreateClient();
        using var response = await client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

        var error = (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("error");

        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);
        Assert.Equal(Assert.Single(response.Headers.GetValues("X-Request-Id")), error.GetProperty("request_id").GetString());
    }

    [Theory]
    [InlineData("order-4711.a:b_c", true)]
    [InlineData("with space", false)]
    [InlineData("<script>", false)]
    [InlineData("", false)]
    public async Task RequestId_GivenByTheClient_IsTakenOverOnlyWhenSane(string given, bool taken)
    {
        using var client = api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, Branding);
        request.Headers.TryAddWithoutValidation("X-Request-Id", given);

        using var response = await client.SendAsync(request, Cancellation);

        var name = Assert.Single(response.Headers.GetValues("X-Request-Id"));
        Assert.Equal(taken, name == given);
        Assert.NotEmpty(name);
    }

    [Fact]
    public async Task RequestId_OverlongFromTheClient_IsReplaced()
    {
        using var client = api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, Branding);
        request.Headers.TryAddWithoutValidation("X-Request-Id", new string('a', 129));

        using var response = await client.SendAsync(request, Cancellation);

        Assert.Equal(36, Assert.Single(response.Headers.GetValues("X-Request-Id")).Length);
    }
}
