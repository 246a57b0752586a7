using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Api.Tests;

public sealed class BrandingTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Branding_OfTenant_IsPublicAndInTheEnvelope()
    {
        using var client = api.CreateClient();

        var answer = await client.GetFromJsonAsync<JsonElement>("/api/v1/auth/tenants/acme/branding", Cancellation);

        var data = answer.GetProperty("data");
        Assert.Equal("Acme", data.GetProperty("display_name").GetString());
        Assert.Equal("light", data.GetProperty("color_scheme").GetString());
        Assert.Equal("#b93a0a", data.GetProperty("colors").GetProperty("light").GetProperty("accent").GetString());
        Assert.Equal("Welcome to Acme", data.GetProperty("texts").GetProperty("en").GetProperty("SignIn.Welcome").GetString());
        Assert.Equal(["en", "de"], data.GetProperty("languages").EnumerateArray().Select(language => language.GetString()));
        Assert.Equal(["password", "passkey"], data.GetProperty("methods").EnumerateArray().Select(method => method.GetString()));
        Assert.True(data.GetProperty("registration_open").GetBoolean());
        Assert.Equal("proof_of_work", data.GetProperty("captcha").GetProperty("kind").GetString());
        Assert.StartsWith("https://login.example.com/t/acme/brand/assets/", data.GetProperty("logo_url").GetString(), StringComparison.Ordinal);
        Assert.Equal(TimeSpan.Zero, answer.GetProperty("meta").GetProperty("timestamp").GetDateTimeOffset().Offset);
    }

    [Fact]
    public async Task Branding_WithoutValue_IsNull()
    {
        using var client = api.CreateClient();

        var answer = await client.GetFromJsonAsync<JsonElement>("/api/v1/auth/tenants/platform/branding", Cancellation);

        Assert.Equal(JsonValueKind.Null, answer.GetProperty("data").GetProperty("logo_url").ValueKind);
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("data").GetProperty("terms_url").ValueKind);
    }

    [Theory]
    [InlineData("nobody")]
    [InlineData("ACME")]
    [InlineData("a%2Fb")]
    [InlineData("..%2Facme")]
    [InlineData("-")]
    public async Task Branding_OfUnknownTenant_IsTenantNotFound(string slug)
    {
        using var client = api.CreateClient();

        using var response = await client.GetAsync(new Uri($"/api/v1/auth/tenants/{slug}/branding", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("tenant_not_found", await CodeOfAsync(response));
    }

    [Fact]
    public async Task Branding_OfSuspendedTenant_IsTenantNotFound()
    {
        using var client = api.CreateClient();
        await using (var scope = api.Services.CreateAsyncScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
            database.Tenants.Add(new Tenant
            {
                Id = Guid.CreateVersion7(),
                Slug = "suspended",
                DisplayName = "Suspended",
                Status = TenantStatus.Suspended,
                CreatedAt = TimeProvider.System.GetUtcNow(),
            });
            await database.SaveChangesAsync(Cancellation);
            Assert.True(await database.Tenants.AnyAsync(tenant => tenant.Slug == "suspended", Cancellation));
        }

        using var response = await client.GetAsync(new Uri("/api/v1/auth/tenants/suspended/branding", UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("tenant_not_found", await CodeOfAsync(response));
    }

    private static async Task<string?> CodeOfAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("error").GetProperty("code").GetString();
}
