using System.Net;
using System.Text.Json;
using LoginPortal.Core.Accounts;
using LoginPortal.Core.Data;
using LoginPortal.Core.Tenants;
using LoginPortal.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace LoginPortal.Api.Tests.Contracts;

public sealed class PasskeyAccountSqliteTests(ApiFixture api) : PasskeyAccountTests(api), IClassFixture<ApiFixture>;

public sealed class PasskeyAccountPostgreSqlTests(PostgreSqlApiFixture api) : PasskeyAccountTests(api), IClassFixture<PostgreSqlApiFixture>;

/// <summary>One's own passkeys, in each contract that has them.</summary>
public abstract class PasskeyAccountTests(ApiHostFixture api) : ContractTestBase(api)
{
    private const string Me = "/api/v1/me/passkeys";
    private const string Mfa = "/v1/users/me/mfa";

    private static readonly TenantPolicy Required = new() { SecondFactor = SecondFactorRequirement.Required };

    private string _refreshToken = "";

    private TenantProfile Tenant { get; set; } = null!;

    [Fact]
    public async Task Me_Passkey_IsAddedRenamedUsedAndRemoved()
    {
        var token = await SignedInAsync();
        using var authenticator = new SoftwareAuthenticator();

        var (status, added) = await AddAsync(authenticator, token, " My laptop ");
        var (again, conflict) = await AddAsync(authenticator, token);
        var id = Text(added.GetProperty("data"), "id");
        Assert.Equal((HttpStatusCode.OK, "My laptop"), (status, Text(added.GetProperty("data"), "name")));
        Assert.Equal("recovery_codes access_token token_type expires_in refresh_token", NullsOf(added.GetProperty("data")));
        Assert.Equal((HttpStatusCode.Conflict, "passkey_exists"), (again, Text(conflict.GetProperty("error"), "code")));

        var (_, renamed) = await SendAsync(HttpMethod.Patch, $"{Me}/{id}", new { name = "Desk" }, token);
        var (_, list) = await SendAsync(HttpMethod.Get, Me, token: token);
        Assert.Equal("Desk", Text(renamed.GetProperty("data"), "name"));
        Assert.Equal("id name created_at last_used_at synced signs_in_alone", NamesOf(list.GetProperty("data")[0]));
        Assert.Equal("Desk", Text(list.GetProperty("data")[0], "name"));
        Assert.Equal(HttpStatusCode.OK, (await UseAsync(authenticator)).Status);

        var stranger = await SignedInAsync($"other-{Address}");
        foreach (var (caller, what) in ((string, string)[])[(stranger, id!), (token, Guid.NewGuid().ToString()), (token, "x")])
        {
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Patch, $"{Me}/{what}", new { name = "Mine" }, caller)).Status);
            Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Delete, $"{Me}/{what}", token: caller)).Status);
        }

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Delete, $"{Me}/{id}", token: token)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await UseAsync(authenticator)).Status);
    }

    [Fact]
    public async Task Me_Passkey_AnswerOfAnotherSessionOrWrong_IsRefused()
    {
        var (mine, other) = (await SignedInAsync(), await LoginAsync(Address));
        using var authenticator = new SoftwareAuthenticator();
        var (_, begun) = await PostAsync($"{Me}/begin", new { }, other);

        var (foreign, error) = await CompleteAsync(begun, authenticator, mine);
        var (wrong, _) = await CompleteAsync(begun, authenticator, other, new() { Origin = "https://evil.example" });
        var (missing, problems) = await PostAsync($"{Me}/complete", new { }, mine);

        Assert.Equal((HttpStatusCode.Unauthorized, "passkey_refused"), (foreign, Text(error.GetProperty("error"), "code")));
        Assert.Equal(HttpStatusCode.Unauthorized, wrong);
        Assert.Equal((HttpStatusCode.UnprocessableEntity, 2), (missing, problems.GetProperty("detail").GetArrayLength()));
        Assert.Equal(0, (await SendAsync(HttpMethod.Get, Me, token: mine)).Json.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Me_Passkey_NeedsAFreshSignInToBeAddedAndRemoved()
    {
        var token = await SignedInAsync();
        using var authenticator = new SoftwareAuthenticator();
        using var second = new SoftwareAuthenticator();
        var id = Text((await AddAsync(authenticator, token)).Json.GetProperty("data"), "id");
        var (_, begun) = await PostAsync($"{Me}/begin", new { }, token);
        Api.Clock.Advance(AccountSecurity.FreshFor - TimeSpan.FromMinutes(2));
        token = await RefreshedAsync(token);
        Api.Clock.Advance(TimeSpan.FromMinutes(3));

        foreach (var (status, json) in ((HttpStatusCode, JsonElement)[])[
            await PostAsync($"{Me}/begin", new { }, token), await CompleteAsync(begun, second, token), await SendAsync(HttpMethod.Delete, $"{Me}/{id}", token: token)])
        {
            Assert.Equal((HttpStatusCode.Forbidden, "sign_in_required"), (status, Text(json.GetProperty("error"), "code")));
        }

        Assert.Equal(1, (await SendAsync(HttpMethod.Get, Me, token: token)).Json.GetProperty("data").GetArrayLength());
    }

    [Fact]
    public async Task Me_LastWayIn_Stays()
    {
        var token = await SignedInAsync();
        using var authenticator = new SoftwareAuthenticator();
        var id = Text((await AddAsync(authenticator, token)).Json.GetProperty("data"), "id");
        await using (var scope = Api.Core.OpenTenant(Tenant))
        {
            (await scope.Services.GetRequiredService<Microsoft.AspNetCore.Identity.UserManager<PortalUser>>().FindByEmailAsync(Address))!.PasswordHash = null;
            await scope.Database.SaveChangesAsync(Cancellation);
        }

        var (status, json) = await SendAsync(HttpMethod.Delete, $"{Me}/{id}", token: token);
        var (system, error) = await SendAsync(HttpMethod.Delete, $"{Mfa}/{id}", token: token);
        var (accounts, _) = await SendAsync(HttpMethod.Patch, "/accounts/mfa-settings", new { passkey_enabled = false }, token);

        Assert.Equal((HttpStatusCode.Conflict, "last_way_in"), (status, Text(json.GetProperty("error"), "code")));
        Assert.Equal((HttpStatusCode.Conflict, "last_way_in"), (system, Text(error, "code")));
        Assert.Equal(HttpStatusCode.BadRequest, accounts);
        Assert.Equal(HttpStatusCode.OK, (await UseAsync(authenticator)).Status);
    }

    [Theory]
    [InlineData("tenant_auth")]
    [InlineData("accounts")]
    [InlineData("system_auth")]
    public async Task EnrolmentOwed_APasskeyPaysIt(string contract)
    {
        await GivenTenantAsync(Required);
        await GivenAsync(Tenant);
        using var authenticator = new SoftwareAuthenticator();
        var (owed, begin, complete) = contract switch
        {
            "accounts" => (Text((await LoginInAccountsAsync()).GetProperty("data"), "auth_token"), "/accounts/begin-passkey-registration", "/accounts/complete-passkey-registration"),
            "system_auth" => (Text(await LoginInSystemAuthAsync(), "token"), $"{Mfa}/webauthn", $"{Mfa}/webauthn/verify"),
            _ => (await LoginAsync(Address), $"{Me}/begin", $"{Me}/complete"),
        };
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, Me, token: owed)).Status);

        var (_, begun) = await PostAsync(begin, new { type = "webauthn_passkey" }, owed);
        var data = begun.TryGetProperty("data", out var inner) ? inner : begun;
        var options = contract == "accounts" ? data : data.GetProperty(contract == "system_auth" ? "public_key" : "options");
        object body = contract switch
        {
            "accounts" => new { credential = authenticator.Create(options.GetRawText()), name = "Key" },
            "system_auth" => new { id = Text(data, "id"), credential = JsonElement.Parse(authenticator.Create(options.GetRawText())), name = "Key" },
            _ => new { challenge_id = Text(data, "challenge_id"), credential = JsonElement.Parse(authenticator.Create(options.GetRawText())), name = "Key" },
        };
        var (status, done) = await PostAsync(complete, body, owed);

        Assert.Equal(HttpStatusCode.OK, status);
        var answer = done.TryGetProperty("data", out inner) ? inner : done;
        var token = Text(answer, contract switch { "accounts" => "auth_token", "system_auth" => "token", _ => "access_token" });
        Assert.NotEmpty(answer.GetProperty("recovery_codes").EnumerateArray());
        var (_, list) = await SendAsync(HttpMethod.Get, Me, token: token);
        Assert.Equal("Key", Text(list.GetProperty("data")[0], "name"));
        Assert.NotEqual(HttpStatusCode.OK, (await PostAsync(complete, body, owed)).Status);
    }

    [Fact]
    public async Task Accounts_Passkey_IsAddedOnceAndSwitchedOff()
    {
        await GivenTenantAsync();
        await GivenAsync(Tenant);
        var token = Text((await LoginInAccountsAsync()).GetProperty("data"), "auth_token");
        using var authenticator = new SoftwareAuthenticator();
        var (tooEarly, _) = await SendAsync(HttpMethod.Patch, "/accounts/mfa-settings", new { passkey_enabled = true }, token);
        var options = (await PostAsync("/accounts/begin-passkey-registration", new { }, token)).Json.GetProperty("data").GetRawText();

        var (status, added) = await PostAsync("/accounts/complete-passkey-registration", new { credential = authenticator.Create(options) }, token);
        options = (await PostAsync("/accounts/begin-passkey-registration", new { }, token)).Json.GetProperty("data").GetRawText();
        var (again, error) = await PostAsync("/accounts/complete-passkey-registration", new { credential = JsonElement.Parse(authenticator.Create(options)) }, token);
        Assert.Equal((HttpStatusCode.BadRequest, HttpStatusCode.OK, "id name"), (tooEarly, status, NamesOf(added.GetProperty("data"))));
        Assert.Equal((HttpStatusCode.BadRequest, "error"), (again, NamesOf(error)));
        Assert.True((await LoginInAccountsAsync()).GetProperty("data").GetProperty("passkey_enabled").GetBoolean());

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(HttpMethod.Patch, "/accounts/mfa-settings", new { passkey_enabled = false }, token)).Status);
        Assert.False((await LoginInAccountsAsync()).GetProperty("data").GetProperty("passkey_enabled").GetBoolean());
    }

    [Fact]
    public async Task SystemAuth_TypeOfAPasskey_SaysWhatItMustBeAndIsListed()
    {
        await GivenTenantAsync();
        await GivenAsync(Tenant);
        var token = Text(await LoginInSystemAuthAsync(), "token");
        using var unverified = new SoftwareAuthenticator { Flags = SoftwareAuthenticator.UserPresent };
        using var verified = new SoftwareAuthenticator();
        using var key = new SoftwareAuthenticator();

        var (unknown, problem) = await PostAsync($"{Mfa}/webauthn", new { type = "sms" }, token);
        var (refused, error) = await EnrolAsync(unverified, "webauthn_passkey");
        Assert.Equal((HttpStatusCode.BadRequest, "type"), (unknown, NamesOf(problem.GetProperty("details"))));
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_code", "The passkey was not accepted."), (refused, Text(error, "code"), Text(error, "message")));

        var (_, options) = await PostAsync($"{Mfa}/webauthn", new { type = "webauthn_passkey" }, token);
        var selection = options.GetProperty("public_key").GetProperty("authenticatorSelection");
        Assert.Equal(("required", "required"), (Text(selection, "residentKey"), Text(selection, "userVerification")));
        Assert.Equal("token expires_at", NamesOf((await EnrolAsync(verified, "webauthn_passkey")).Json));
        Api.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("token expires_at recovery_codes", NamesOf((await EnrolAsync(key, "webauthn_fido")).Json));
        Assert.Equal((HttpStatusCode.Conflict, "already_enrolled"), ((await EnrolAsync(key, "webauthn_fido")) is var (twice, again) ? (twice, Text(again, "code")) : default));
        var (_, list) = await SendAsync(HttpMethod.Get, Mfa, token: token);
        Assert.Equal(["webauthn_passkey", "webauthn_fido"], list.EnumerateArray().Select(factor => Text(factor, "type")));

        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Delete, $"{Mfa}/{Text(list[0], "id")}", token: token)).Status);
        Assert.Equal(1, (await SendAsync(HttpMethod.Get, Mfa, token: token)).Json.GetArrayLength());

        async Task<(HttpStatusCode Status, JsonElement Json)> EnrolAsync(SoftwareAuthenticator authenticator, string type)
        {
            var (_, begun) = await PostAsync($"{Mfa}/webauthn", new { type }, token);
            var credential = authenticator.Create(begun.GetProperty("public_key").GetRawText());
            return await PostAsync($"{Mfa}/webauthn/verify", new { id = Text(begun, "id"), credential = JsonElement.Parse(credential), name = type }, token);
        }
    }

    [Fact]
    public async Task Origin_ThatTheTenantRegistered_MayMakeAndUsePasskeys()
    {
        const string app = "https://app.example.com";
        var token = await SignedInAsync();
        using var authenticator = new SoftwareAuthenticator { Origin = app };
        Assert.Equal(HttpStatusCode.Unauthorized, (await AddAsync(authenticator, token)).Status);
        await using (var scope = Api.Core.CreateScope())
        {
            var database = scope.ServiceProvider.GetRequiredService<PortalDbContext>();
            database.TenantOrigins.Add(new TenantOrigin { TenantId = Tenant.Id, Origin = app });
            await database.SaveChangesAsync(Cancellation);
        }

        Assert.Equal(HttpStatusCode.OK, (await AddAsync(authenticator, token)).Status);
        Assert.Equal(HttpStatusCode.OK, (await UseAsync(authenticator)).Status);
    }

    [Fact]
    public async Task Accounts_AddressOfATenantWithItsOwnDomain_IsAskedForAsOneThatNobodyHas()
    {
        var host = $"t{Guid.NewGuid():N}.example";
        await GivenTenantAsync(configure: tenant => tenant.Domains.Add(new TenantDomain
        {
            Id = Guid.CreateVersion7(Api.Clock.GetUtcNow()), TenantId = tenant.Id, Host = host, VerifiedAt = Api.Clock.GetUtcNow(), IsPrimary = true,
        }));
        await GivenAsync(Tenant);
        var without = await Api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20], new TenantPolicy { AllowPasskeys = false });
        await Api.Core.CreateUserAsync(without, $"none-{Address}", Password);

        var nobody = await OptionsAsync(new { email = $"nobody-{Address}" });
        foreach (var known in (object[])[new { email = Address }, new { email = $"none-{Address}" }])
        {
            var options = await OptionsAsync(known);
            Assert.Equal(Text(nobody, "rpId"), Text(options, "rpId"));
            Assert.Equal(NamesOf(nobody), NamesOf(options));
        }

        Assert.Equal(host, Text(await OptionsAsync(new { email = Address, account = Tenant.Slug }), "rpId"));

        async Task<JsonElement> OptionsAsync(object body)
        {
            var (status, json) = await PostAsync("/accounts/begin-auth-with-passkey", body);
            Assert.Equal(HttpStatusCode.OK, status);
            return json.GetProperty("data");
        }
    }

    private async Task GivenTenantAsync(TenantPolicy? policy = null, Action<Core.Tenants.Tenant>? configure = null) =>
        Tenant = await Api.Core.CreateTenantAsync($"t{Guid.NewGuid():N}"[..20], policy, configure);

    private async Task<string> SignedInAsync(string? address = null)
    {
        if (Tenant is null)
        {
            await GivenTenantAsync();
        }

        await Api.Core.CreateUserAsync(Tenant!, address ?? Address, Password);
        return await LoginAsync(address ?? Address);
    }

    private async Task<string> LoginAsync(string address)
    {
        var (_, login) = await PostAsync($"/api/v1/auth/tenants/{Tenant.Slug}/login", new { email = address, password = Password });
        _refreshToken = Text(login.GetProperty("data"), "refresh_token") ?? "";
        return Text(login.GetProperty("data"), "access_token")!;
    }

    private async Task<string> RefreshedAsync(string token) => Text(
        (await PostAsync($"/api/v1/auth/tenants/{Tenant.Slug}/token/refresh", new { refresh_token = _refreshToken }, token)).Json.GetProperty("data"), "access_token")!;

    private async Task<JsonElement> LoginInAccountsAsync() =>
        (await PostAsync("/accounts/auth-with-password", new { account = Tenant.Slug, email = Address, password = Password })).Json;

    private async Task<JsonElement> LoginInSystemAuthAsync() =>
        (await PostAsync("/v1/auth/login", new { tenant_slug = Tenant.Slug, email = Address, password = Password })).Json;

    private async Task<(HttpStatusCode Status, JsonElement Json)> AddAsync(SoftwareAuthenticator authenticator, string token, string? name = null) =>
        await CompleteAsync((await PostAsync($"{Me}/begin", new { }, token)).Json, authenticator, token, name: name);

    private Task<(HttpStatusCode Status, JsonElement Json)> CompleteAsync(
        JsonElement begun, SoftwareAuthenticator authenticator, string token, SoftwareAuthenticator.Answer? answer = null, string? name = null)
    {
        var credential = authenticator.Create(begun.GetProperty("data").GetProperty("options").GetRawText(), answer);
        return PostAsync(
            $"{Me}/complete", new { challenge_id = Text(begun.GetProperty("data"), "challenge_id"), credential = JsonElement.Parse(credential), name }, token);
    }

    /// <summary>Signs in with the passkey alone.</summary>
    private async Task<(HttpStatusCode Status, JsonElement Json)> UseAsync(SoftwareAuthenticator authenticator)
    {
        var path = $"/api/v1/auth/tenants/{Tenant.Slug}/passkey/";
        var begun = (await PostAsync(path + "begin", new { email = Address })).Json.GetProperty("data");
        var credential = authenticator.Get(begun.GetProperty("options").GetRawText());
        return await PostAsync(path + "complete", new { challenge_id = Text(begun, "challenge_id"), credential = JsonElement.Parse(credential) });
    }
}
