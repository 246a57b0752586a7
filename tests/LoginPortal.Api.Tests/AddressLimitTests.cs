using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LoginPortal.Core.Data;
using LoginPortal.Testing;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Api.Tests;

public sealed class AddressLimitTests
{
    [Theory]
    [InlineData("/accounts/auth-with-password", "error")]
    [InlineData("/v1/auth/login", "code")]
    public async Task Requests_BeyondTheLimit_AreRefusedInTheContractsShape(string path, string member)
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseProvider.Sqlite);
        await using var factory = new WebApplicationFactory<ApiHost>().WithWebHostBuilder(host => host
            .UseSetting("Database:Provider", nameof(DatabaseProvider.Sqlite))
            .UseSetting("ConnectionStrings:Portal", database.ConnectionString)
            .ConfigureServices(services => services.PostConfigure<PasswordHasherOptions>(options => options.IterationCount = 1_000))
            .UseSetting("Api:RequestsPerMinutePerAddress", "3"));
        using var client = factory.CreateClient();
        var statuses = new List<HttpStatusCode>();
        for (var number = 0; number < 3; number++)
        {
            using var response = await client.PostAsJsonAsync(path, new { }, TestContext.Current.CancellationToken);
            statuses.Add(response.StatusCode);
        }

        using var refused = await client.PostAsJsonAsync(path, new { }, TestContext.Current.CancellationToken);

        using var health = await client.GetAsync(new Uri("/health/live", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.All(statuses, status => Assert.Equal(HttpStatusCode.BadRequest, status));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter?.Delta > TimeSpan.Zero);
        Assert.NotEmpty((await refused.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty(member).GetString()!);
    }
}
