using System.Net;
using System.Text;
using LoginPortal.Core.Data;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Mvc.Testing;

namespace LoginPortal.Api.Tests;

/// <summary>What the server itself has a say in, which the one of the other tests does not imitate.</summary>
public sealed class KestrelTests
{
    [Theory]
    [InlineData(70_000, HttpStatusCode.RequestEntityTooLarge, "body_too_large")]
    [InlineData(1_000_000, HttpStatusCode.RequestEntityTooLarge, "body_too_large")]
    [InlineData(30_000, HttpStatusCode.Unauthorized, "refresh_token_invalid")]
    public async Task BodyInChunks_IsReadUpToTheLimitAndNoFurther(int length, HttpStatusCode status, string code)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var factory = new WebApplicationFactory<ApiHost>().WithWebHostBuilder(host => host
            .UseSetting("Database:Provider", nameof(DatabaseProvider.Sqlite))
            .UseSetting("ConnectionStrings:Portal", database.ConnectionString));
        factory.UseKestrel(0);
        factory.StartServer();
        using var client = new HttpClient { BaseAddress = factory.ClientOptions.BaseAddress };
        using var content = new ContentOfUnknownLength(Encoding.ASCII.GetBytes($$"""{"refresh_token":"{{new string('a', length)}}"}"""));
        content.Headers.ContentType = new("application/json");

        using var response = await client.PostAsync("api/v1/auth/tenants/acme/token/refresh", content, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        Assert.Contains(code, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
