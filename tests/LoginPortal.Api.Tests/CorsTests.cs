using System.Net;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;

namespace LoginPortal.Api.Tests;

public sealed class CorsTests(ApiFixture api) : IClassFixture<ApiFixture>, IAsyncLifetime
{
    private const string Registered = "https://app.acme.example";
    private const string AcmeLogin = "/api/v1/auth/tenants/acme/login";
    private const string GlobexLogin = "/api/v1/auth/tenants/globex/login";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await using var scope = api.Core.CreateScope();
        var database = Microsoft.Extensions.DependencyInjection.ServiceProviderServiceExtensions
            .GetRequiredService<Core.Data.PortalDbContext>(scope.ServiceProvider);
        if (!await database.TenantOrigins.AnyAsync(Cancellation))
        {
            var acme = await database.Tenants.SingleAsync(tenant => tenant.Slug == "acme", Cancellation);
            database.TenantOrigins.Add(new TenantOrigin { TenantId = acme.Id, Origin = Registered });
            await database.SaveChangesAsync(Cancellation);
        }
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(AcmeLogin, Registered, true)]
    [InlineData(GlobexLogin, Registered, false)]
    [InlineData("/accounts/auth-with-password", Registered, true)]
    [InlineData(AcmeLogin, "https://app.acme.example.evil.example", false)]
    [InlineData(AcmeLogin, "http://app.acme.example", false)]
    [InlineData(AcmeLogin, "null", false)]
    [InlineData("/v1/auth/login", "https://evil.example", false)]
    public async Task Origin_OfARequest_IsAllowedOnlyWhereItIsRegistered(string path, string origin, bool allowed)
    {
        using var client = api.CreateClient();
        using var preflight = new HttpRequestMessage(HttpMethod.Options, path);
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        preflight.Headers.Add("Access-Control-Request-Headers", "content-type,authorization");
        using var post = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent("{}") };
        post.Headers.Add("Origin", origin);

        using var answer = await client.SendAsync(preflight, Cancellation);
        using var posted = await client.SendAsync(post, Cancellation);

        Assert.Equal(allowed, answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var values) && values.Single() == origin);
        Assert.Equal(allowed, posted.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, posted.StatusCode);
    }
}
