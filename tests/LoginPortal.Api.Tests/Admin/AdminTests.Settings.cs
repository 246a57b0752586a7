using System.Net;
using System.Text;
using System.Text.Json;
using LoginPortal.Core.Tenants;

namespace LoginPortal.Api.Tests.Admin;

/// <content>Settings and rules.</content>
public abstract partial class AdminTests
{
    [Fact]
    public async Task Settings_Changed_AreInForceAtOnceAndAudited()
    {
        var token = await GivenAdministratorAsync();
        var before = await GetAsync(token, "/settings");

        var changed = await DoAsync(token, HttpMethod.Patch, "/settings", new
        {
            display_name = " New name ", redirect_uris = new[] { "https://app.example.com/back" }, allowed_origins = new[] { "https://b.example.com", "https://a.example.com" },
            captcha = "off", unknown = 1,
        });

        Assert.Equal("slug hosts display_name redirect_uris allowed_origins captcha version", NamesOf(changed));
        Assert.Equal(("New name", "off"), (Text(changed, "display_name"), Text(changed, "captcha")));
        Assert.Equal(["https://a.example.com", "https://b.example.com"], changed.GetProperty("allowed_origins").EnumerateArray().Select(origin => origin.GetString()));
        Assert.NotEqual(Text(before, "version"), Text(changed, "version"));
        var (_, login) = await LoginResponseAsync(Tenant, Address);
        Assert.Equal("https://app.example.com/back", Text(login.GetProperty("data"), "redirect_uri"));
        Assert.Equal("New name", Text((await SendAsync(HttpMethod.Get, $"/api/v1/auth/tenants/{Tenant.Slug}/branding")).Json.GetProperty("data"), "display_name"));
        Assert.True(await IsAllowedAsync("https://a.example.com"));

        var audited = (await EventsAsync(token, "tenant_settings_changed"))[0];
        Assert.Equal(Administrator.Id.ToString(), Text(audited, "actor_id"));
        Assert.Equal(["displayName", "allowedOrigins"], audited.GetProperty("differences").EnumerateArray().Select(difference => Text(difference, "path")));
        Assert.Equal(2, (await EventsAsync(token, "tenant_policy_changed"))[0].GetProperty("differences").GetArrayLength());

        await DoAsync(token, HttpMethod.Patch, "/settings", new { allowed_origins = (object?)null });
        Assert.False(await IsAllowedAsync("https://a.example.com"));
    }

    [Fact]
    public async Task Settings_ThatCannotBe_AreAllNamedAndNothingChanges()
    {
        var token = await GivenAdministratorAsync();
        var before = await GetAsync(token, "/settings");

        var (status, json) = await SendAsync(HttpMethod.Patch, $"{Admin}/settings", new
        {
            display_name = "  ", redirect_uris = new[] { "javascript:alert(1)" }, allowed_origins = new[] { "https://a.example.com/", "https://a.example.com/" }, captcha = "turnstile",
        }, token);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, status);
        Assert.Equal(
            ["display_name missing", "allowed_origins not_an_origin", "allowed_origins duplicate", "redirect_uris not_an_address", "captcha not_configured"],
            ProblemsOf(json));
        Assert.Equal(before.GetRawText(), (await GetAsync(token, "/settings")).GetRawText());
    }

    /// <summary>A change, and everything that is wrong with it.</summary>
    private static readonly (string Patch, string[] Problems)[] WrongPolicies =
    [
        ("""{"second_factor":"required","second_factor_methods":[],"allow_passkeys":false}""", ["second_factor_methods no_second_factor_left"]),
        ("""{"second_factor":"required","second_factor_methods":["email_code"],"allow_passkeys":false,"email_code_sign_in":true}""", ["email_code_sign_in email_code_twice"]),
        ("""{"second_factor_required_from":"2031-01-01T00:00:00Z"}""", ["second_factor_required_from date_without_requirement"]),
        ("""{"second_factor_methods":["passkey","totp","totp"]}""", ["second_factor_methods unknown_value", "second_factor_methods duplicate"]),
        ("""{"second_factor":"sometimes"}""", ["second_factor type_error"]),
        ("""{"second_factor":7,"identification":-1}""", ["second_factor unknown_value", "identification unknown_value"]),
        ("""{"trusted_device_days":-1,"minimum_password_length":7}""", ["trusted_device_days out_of_range", "minimum_password_length out_of_range"]),
        ("""{"session_lifetime":1,"session_idle_timeout":999999999999}""", ["session_lifetime out_of_range", "session_idle_timeout out_of_range"]),
        ("""{"session_lifetime":600,"session_idle_timeout":601}""", ["session_idle_timeout longer_than_session"]),
        ("""{"remembered_session_lifetime":600}""", ["remembered_session_lifetime shorter_than_session"]),
        ("""{"languages":[]}""", ["languages missing"]),
        ("""{"languages":["en","en","xx"]}""", ["languages unknown_value", "languages duplicate"]),
        ("""{"languages":[null]}""", ["languages unknown_value"]),
        ("""{"registration":{"allowed_domains":["Example.com"],"terms_version":"1","captcha":"h_captcha"}}""", ["registration.allowed_domains not_a_domain", "registration.terms_version terms_without_link", "registration.captcha not_configured"]),
        ("""{"registration":{"open":"yes"}}""", ["registration.open type_error"]),
        ("""{"registration":7}""", ["registration type_error"]),
        ("""{"custom_fields":[null,{"key":"a b","kind":"choice","labels":{"xx":"?"}}]}""", ["custom_fields.0 missing", "custom_fields.1.key not_text", "custom_fields.1.labels unknown_value", "custom_fields.1.choices missing"]),
        ("""{"custom_fields":[{"key":"a","labels":{"en":"A"}},{"key":"a","labels":{},"maximum_length":0}]}""", ["custom_fields duplicate", "custom_fields.1.maximum_length out_of_range", "custom_fields.1.labels missing"]),
        ("""{"redirect_uris":["http://example.com/","/relative","https://u:p@example.com/","https://example.com/#x"]}""", ["redirect_uris not_an_address"]),
        ("""{"version":5}""", ["version string_type"]),
    ];

    [Fact]
    public async Task Policy_ThatCannotBe_SaysWhichFieldAndWhy()
    {
        var token = await GivenAdministratorAsync();
        var before = (await GetAsync(token, "/policy")).GetRawText();

        foreach (var (patch, problems) in WrongPolicies)
        {
            var (status, json) = await SendAsync(HttpMethod.Patch, $"{Admin}/policy", JsonElement.Parse(patch), token);
            Assert.True(status == HttpStatusCode.UnprocessableEntity, patch + json.GetRawText());
            Assert.Equal(problems.Order(StringComparer.Ordinal).Prepend(patch), ProblemsOf(json).Order(StringComparer.Ordinal).Prepend(patch));
        }

        Assert.Equal(before, (await GetAsync(token, "/policy")).GetRawText());
    }

    [Fact]
    public async Task Policy_EveryField_ComesBackAsItWasSet_AndNullIsTheDefault()
    {
        var token = await GivenAdministratorAsync();
        const string all = """
            {"identification":"one_page","second_factor":"required","second_factor_required_from":"2071-01-01T00:00:00+00:00","second_factor_methods":["totp","email_code"],
            "allow_passkeys":false,"trusted_device_days":7,"session_lifetime":7200,"session_idle_timeout":600,"remembered_session_lifetime":86400,"allow_remembered_sessions":false,
            "minimum_password_length":20,"languages":["de"],"registration":{"open":true,"allowed_domains":["example.com"],"names":"required","terms_version":null,"captcha":"off"},
            "custom_fields":[{"key":"team","kind":"choice","labels":{"de":"Team"},"required":true,"maximum_length":50,"choices":["blau"]}],"email_code_sign_in":true,
            "redirect_uris":["https://app.example.com/","com.example.app:/back","http://127.0.0.1:5000/"]}
            """;

        var set = await DoAsync(token, HttpMethod.Patch, "/policy", JsonElement.Parse(all));
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(all), set.GetProperty("policy")), set.GetRawText());

        var defaults = JsonSerializer.Deserialize<Dictionary<string, object?>>(all)!.Keys.ToDictionary(name => name, _ => (object?)null, StringComparer.Ordinal);
        await DoAsync(token, HttpMethod.Patch, "/policy", defaults);
        Assert.Equal(
            JsonSerializer.Serialize(new TenantPolicy()), JsonSerializer.Serialize((await FindTenantAsync(Tenant.Slug)).Policy));
        Assert.Equal(16, typeof(TenantPolicy).GetProperties().Length);
    }

    [Fact]
    public async Task Policy_ChangedForAnOldVersion_IsRefused_AndTwoFieldsAtOnceAreBothChanged()
    {
        var token = await GivenAdministratorAsync();
        var version = Text(await GetAsync(token, "/policy"), "version");
        await DoAsync(token, HttpMethod.Patch, "/policy", new { trusted_device_days = 1, version });

        Assert.Equal("changed_meanwhile", await RefusedAsync(HttpStatusCode.Conflict, token, HttpMethod.Patch, "/policy", new { trusted_device_days = 2, version }));
        for (var round = 0; round < 5; round++)
        {
            await Task.WhenAll(
                DoAsync(token, HttpMethod.Patch, "/policy", new { trusted_device_days = round + 3 }),
                DoAsync(token, HttpMethod.Patch, "/policy", new { allow_passkeys = round % 2 == 1 }),
                DoAsync(token, HttpMethod.Patch, "/policy", new { minimum_password_length = round + 30 }));

            var policy = (await FindTenantAsync(Tenant.Slug)).Policy;
            Assert.Equal((round + 3, round % 2 == 1, round + 30), (policy.TrustedDeviceDays, policy.AllowPasskeys, policy.MinimumPasswordLength));
        }
    }

    [Theory]
    [InlineData("[]", 422)]
    [InlineData("{\"a\":1,\"a\":2}", 422)]
    [InlineData("{\"display_name\":\"\\ud800\"}", 422)]
    [InlineData("{\"\\ud800\":1}", 422)]
    [InlineData("", 415)]
    public async Task Patch_ThatIsNoObjectOfText_IsRefused(string body, int expected)
    {
        var token = await GivenAdministratorAsync();
        using var http = Api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Patch, $"{Admin}/settings");
        request.Headers.Authorization = new("Bearer", token);
        request.Content = body.Length == 0 ? null : new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await http.SendAsync(request, Cancellation);

        Assert.Equal(expected, (int)response.StatusCode);
    }

    private async Task<bool> IsAllowedAsync(string origin)
    {
        using var http = Api.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/v1/auth/tenants/{Tenant.Slug}/branding");
        request.Headers.Add("Origin", origin);
        using var response = await http.SendAsync(request, Cancellation);
        return response.Headers.Contains("Access-Control-Allow-Origin");
    }
}
