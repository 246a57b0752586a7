using System.Net;
using System.Text.Json;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Tenants;
using LoginPortal.Core.Tokens;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Api.Tests.Contracts;

/// <summary>What Accounts, SystemAuth and UserPassport do by themselves, and how they find the tenant.</summary>
public sealed class OtherContractTests(ApiFixture api) : ContractTestBase(api), IClassFixture<ApiFixture>
{
    private static readonly TenantPolicy Required = new() { SecondFactor = SecondFactorRequirement.Required };

    [Fact]
    public async Task SystemAuth_WhatHasNoValue_IsLeftOut()
    {
        var user = await GivenAsync();
        var (_, plain) = await PostAsync("/v1/auth/login", new { email = Address, password = Password });
        await AddAuthenticatorAsync(user);
        var (_, asked) = await PostAsync("/v1/auth/login", new { email = Address, password = Password });
        var (_, refused) = await PostAsync("/v1/auth/login", new { email = Address, password = OtherPassword });

        Assert.Equal("token expires_at mfa_required enrollment_required", NamesOf(plain));
        Assert.Equal("mfa_required challenge_id methods enrollment_required", NamesOf(asked));
        Assert.True(Guid.TryParse(Text(asked, "challenge_id"), out _));
        Assert.Equal("code message", NamesOf(refused));
    }

    [Fact]
    public async Task SystemAuth_TenantOfTheHeader_MustBeTheTokens()
    {
        var acme = await FindTenantAsync("acme");
        await GivenAsync(acme);
        var token = Text((await PostAsync("/v1/auth/login", new { email = Address, password = Password })).Json, "token");

        var (same, _) = await SendAsync(HttpMethod.Get, "/v1/users/me/mfa", token: token, tenant: acme.Id.ToString());
        var (other, error) = await SendAsync(HttpMethod.Get, "/v1/users/me/mfa", token: token, tenant: Guid.NewGuid().ToString());

        Assert.Equal(HttpStatusCode.OK, same);
        Assert.Equal((HttpStatusCode.Forbidden, "tenant_mismatch"), (other, Text(error, "code")));
    }

    [Fact]
    public async Task SystemAuth_EnrolmentOwed_SaysItAndNothingElseOpens()
    {
        var tenant = await Api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20], Required);
        await GivenAsync(tenant);
        var (_, owed) = await PostAsync("/v1/auth/login", new { email = Address, password = Password, tenant_slug = tenant.Slug });

        Assert.Equal("token expires_at mfa_required enrollment_required", NamesOf(owed));
        Assert.True(owed.GetProperty("enrollment_required").GetBoolean());
        var (status, error) = await SendAsync(HttpMethod.Get, "/v1/users/me/mfa", token: Text(owed, "token"));
        Assert.Equal((HttpStatusCode.Forbidden, "mfa_enrollment_required"), (status, Text(error, "code")));
    }

    [Fact]
    public async Task SystemAuth_Totp_IsAddedOnceAndRemovedWithAFreshSignInOnly()
    {
        await AddAuthenticatorAsync(await GivenAsync());
        var (_, asked) = await PostAsync("/v1/auth/login", new { email = Address, password = Password });
        Assert.Equal("totp", asked.GetProperty("methods")[0].GetString());
        var user = await Api.Core.CreateUserAsync(await FindTenantAsync("acme"), $"b{Address}", Password);
        var token = Text((await PostAsync("/v1/auth/login", new { email = user.Email, password = Password })).Json, "token");
        await AddAuthenticatorAsync(user);

        var (again, error) = await PostAsync("/v1/users/me/mfa/totp", new { }, token);
        var (_, list) = await SendAsync(HttpMethod.Get, "/v1/users/me/mfa", token: token);
        var (unknown, _) = await SendAsync(HttpMethod.Delete, $"/v1/users/me/mfa/{Guid.NewGuid()}", token: token);
        var (removed, _) = await SendAsync(HttpMethod.Delete, $"/v1/users/me/mfa/{Text(list[0], "id")}", token: token);

        Assert.Equal((HttpStatusCode.Conflict, "already_enrolled"), (again, Text(error, "code")));
        Assert.Equal("id type name created_at", NamesOf(list[0]));
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NoContent), (unknown, removed));
    }

    [Fact]
    public async Task UserPassport_FirstAnswer_HasAllFiveFields()
    {
        var user = await GivenAsync();
        var (_, plain) = await PostAsync("/user/login", new { email = Address, password = Password });
        await AddAuthenticatorAsync(user);
        var (_, asked) = await PostAsync("/user/login", new { email = Address, password = Password });

        Assert.Equal("mfa_enabled mfa_verified mfa_svg message token", NamesOf(plain));
        Assert.Equal("mfa_svg", NullsOf(plain));
        Assert.Equal("mfa_svg", NullsOf(asked));
        Assert.True(asked.GetProperty("mfa_enabled").GetBoolean() && asked.GetProperty("mfa_verified").GetBoolean());
        var (missing, error) = await PostAsync("/user/passport", new { totp = (string?)null, token = Text(asked, "token") });
        Assert.Equal((HttpStatusCode.Unauthorized, "message"), (missing, NamesOf(error)));
    }

    [Fact]
    public async Task UserPassport_PictureOfAnEnrolment_IsPlainMarkup()
    {
        var tenant = await Api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20], Required);
        await GivenAsync(tenant);
        var (_, owed) = await PostAsync("/user/login", new { email = Address, password = Password, tenant_slug = tenant.Slug });

        var svg = Text(owed, "mfa_svg")!;
        Assert.False(owed.GetProperty("mfa_verified").GetBoolean());
        Assert.DoesNotContain("script", svg, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("href", svg, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("secret=", svg, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Accounts_Answer_TellsOfTheAccountAndItsOwner()
    {
        await GivenAsync();
        var (_, json) = await PostAsync("/accounts/auth-with-password", new { account = "acme", email = Address, password = Password });

        var data = json.GetProperty("data");
        Assert.Equal("refresh_token auth_token passkey_enabled totp_enabled account", NamesOf(data));
        Assert.Equal("admin@acme.example", Text(data.GetProperty("account"), "root_email"));
        Assert.Equal("active", Text(data.GetProperty("account"), "subscription_status"));
    }

    [Fact]
    public async Task Accounts_PasskeyOfAnybody_IsAskedForAlike()
    {
        await GivenAsync();
        var (known, first) = await PostAsync("/accounts/begin-auth-with-passkey", new { email = Address });
        var (unknown, second) = await PostAsync("/accounts/begin-auth-with-passkey", new { email = $"nobody-{Address}" });
        var (malformed, _) = await PostAsync("/accounts/begin-auth-with-passkey", new { account = "acme" });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.BadRequest), (known, unknown, malformed));
        Assert.Equal(NamesOf(first.GetProperty("data")), NamesOf(second.GetProperty("data")));
        Assert.Equal(Text(first.GetProperty("data"), "rpId"), Text(second.GetProperty("data"), "rpId"));
    }

    [Fact]
    public async Task Accounts_ApiKey_OpensWhatABearerDoesAndNoMore()
    {
        await GivenAsync();
        var (_, login) = await PostAsync("/accounts/auth-with-password", new { email = Address, password = Password });
        var token = Text(login.GetProperty("data"), "auth_token");
        var (_, made) = await PostAsync("/accounts/api-key", new { key_name = "build" }, token);
        var key = Text(made.GetProperty("data"), "api_key");
        Api.Clock.Advance(TimeSpan.FromHours(3));

        var (status, tokens) = await PostAsync("/accounts/auth-with-api-key", new { api_key = key });
        var (fresh, _) = await PostAsync("/accounts/api-key", new { key_name = "second" }, Text(tokens.GetProperty("data"), "auth_token"));
        var (wrong, _) = await PostAsync("/accounts/auth-with-api-key", new { api_key = key + "x" });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized), (status, fresh, wrong));
    }

    [Theory]
    [InlineData("/v1/auth/login")]
    [InlineData("/user/login")]
    [InlineData("/accounts/auth-with-password")]
    public async Task Tenant_NotNamed_IsTheOnlyOneThatKnowsTheAddress(string path)
    {
        await GivenAsync(await FindTenantAsync("globex"));
        Assert.Equal(HttpStatusCode.OK, (await PostAsync(path, new { email = Address, password = Password })).Status);

        await Api.Core.CreateUserAsync(await FindTenantAsync("acme"), Address, Password);
        var (ambiguous, error) = await PostAsync(path, new { email = Address, password = Password });
        var (unknown, other) = await PostAsync(path, new { email = $"nobody-{Address}", password = Password });

        Assert.Equal((HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized), (ambiguous, unknown));
        Assert.Equal(error.GetRawText(), other.GetRawText());
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await PostAsync(path, new { email = Address, password = Password, account = "nobody", tenant_slug = "nobody" })).Status);
    }

    [Fact]
    public async Task Tenant_NotNamed_IsTheOwnersOwnInAccountsAlone()
    {
        var own = await Api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20]);
        await GivenAsync(own, user => user.Role = PortalRole.TenantAdministrator);
        await Api.Core.CreateUserAsync(await FindTenantAsync("acme"), Address, OtherPassword);

        var (owner, json) = await PostAsync("/accounts/auth-with-password", new { email = Address, password = Password });
        var (system, _) = await PostAsync("/v1/auth/login", new { email = Address, password = Password });

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Unauthorized), (owner, system));
        Assert.Equal(own.Slug, Text(json.GetProperty("data").GetProperty("account"), "name"));
    }

    [Fact]
    public async Task Keys_Published_AreThoseThatThePortalPublishes()
    {
        var (status, json) = await SendAsync(HttpMethod.Get, PublishedKeySet.Path);
        var portal = await Api.Core.Services.GetRequiredService<SigningKeys>().GetPublishedAsync(Cancellation);

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(JsonSerializer.Serialize(portal), json.GetRawText());
    }
}
