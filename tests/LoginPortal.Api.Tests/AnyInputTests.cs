using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;

namespace LoginPortal.Api.Tests;

/// <summary>Whatever a client sends: an answer of JSON that is no fault of the server.</summary>
public sealed class AnyInputTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    private static readonly string[] Paths =
    [
        "/api/v1/auth/tenants/acme/login", "/api/v1/auth/tenants/acme/mfa/verify", "/api/v1/auth/tenants/acme/forgot-password",
        "/api/v1/auth/tenants/acme/password/reset", "/api/v1/auth/tenants/acme/register", "/api/v1/auth/tenants/acme/token/refresh",
        "/accounts/auth-with-password", "/accounts/begin-auth-with-passkey", "/accounts/complete-auth-with-passkey", "/accounts/auth-with-totp",
        "/accounts/auth-with-recovery-code", "/accounts/refresh-token", "/accounts/request-password-reset", "/accounts/reset-password",
        "/accounts/auth-with-api-key", "/v1/auth/login", "/v1/auth/mfa/challenge", "/v1/auth/mfa/verify", "/user/login", "/user/passport",
    ];

    private static readonly string[] Names =
    [
        "email", "password", "mfa_token", "user_id", "method", "code", "challenge_id", "credential", "remember_me", "trust_device", "token",
        "new_password", "refresh_token", "auth_token", "account", "tenant_slug", "api_key", "totp", "redirect_uri", "trusted_device_token", "first_name",
        "last_name", "custom_data", "unknown", "\\ud800",
    ];

    private static readonly string[] Values =
    [
        "null", "true", "0", "-1", "1e999", "12345678901234567890", "\"\"", "\"user@acme.example\"", "\"a@b.example\"", "\"totp\"", "\"email\"",
        "\"recovery_code\"", "\"webauthn\"", "\"acme\"", "\"000000\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\uFFFE\"", "\"K\"",
        "\"x@\\u212A.example\"", "\"-@x.example\"", "\"a.b.c\"", "\"e30.e30.\"", "\"0b8c5d0e-6f0b-4c4e-9a43-0c1d5f5a7a11\"", "[]", "[[]]", "{}", "{\"a\":{\"b\":1}}",
        "\"' OR 1=1 --\"", "\"\\uD83D\\uDE00\"", "\"../../etc\"",
    ];

    private static readonly (string Method, string Path)[] BearerPaths =
    [
        ("POST", "/api/v1/me/passkeys/complete"), ("PATCH", "/api/v1/me/passkeys/0b8c5d0e-6f0b-4c4e-9a43-0c1d5f5a7a11"), ("POST", "/api/v1/me/email"),
        ("POST", "/accounts/complete-passkey-registration"), ("PATCH", "/accounts/mfa-settings"), ("POST", "/v1/users/me/mfa/webauthn"), ("POST", "/v1/users/me/mfa/webauthn/verify"),
        ("POST", "/api/v1/admin/users"), ("POST", "/api/v1/admin/users/invite"), ("PATCH", "/api/v1/admin/users/x"), ("PATCH", "/api/v1/admin/settings"), ("PATCH", "/api/v1/admin/policy"),
        ("PATCH", "/api/v1/admin/branding/draft"), ("POST", "/api/v1/admin/branding/publish"), ("POST", "/api/v1/admin/tenants"),
    ];

    private static readonly string[] BearerNames =
    [
        "email", "first_name", "last_name", "role", "password", "name", "challenge_id", "credential", "id", "type", "version", "document", "display_name", "redirect_uris", "allowed_origins",
        "captcha", "identification", "second_factor", "second_factor_required_from", "second_factor_methods", "allow_passkeys", "trusted_device_days", "session_lifetime",
        "session_idle_timeout", "remembered_session_lifetime", "minimum_password_length", "languages", "registration", "custom_fields", "slug", "administrator_email", "live_revision_id",
    ];

    private static readonly string[] BearerValues =
    [
        .. Values, "[null]", "[\"\"]", "[{\"key\":null,\"choices\":null,\"labels\":{\"en\":null}}]", "{\"light\":{\"accent\":null}}", "{\"texts\":{\"en\":{\"x\":null}}}", "{\"texts\":null}",
        "{\"background\":{\"kind\":\"picture\"}}", "{\"background\":{\"kind\":9,\"light\":\"\"}}", "{\"custom_styles\":\"a{b:url(x)}\"}", "{\"terms_link\":\"//x\"}", "{\"open\":null,\"allowed_domains\":[null]}",
        "{\"terms_version\":\"\\u202e\"}", "\"9999-12-31T23:59:59-14:00\"", "9223372036854775807", "\"required\"", "\"tenant_administrator\"", "[\"totp\",7]", "\"https://x.example\"", "[\"https://x.example\"]",
    ];

    private static readonly string[] Queries =
    [
        "/users?search={0}", "/users?cursor={0}", "/users?limit={0}", "/users/{0}", "/audit?kind={0}", "/audit?from={0}", "/audit?until={0}&cursor={0}", "/audit?subject_id={0}", "/audit/export?kind={0}",
        "/branding/revisions?before={0}", "/branding/revisions/{0}", "/tenants?search={0}&cursor={0}",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void Body_OfKnownFieldsWithAnyValues_IsNeverAFaultOfTheServer()
    {
        var fields = Gen.Zip(Gen.Elements(Names), Gen.OneOf(
            Gen.Elements(Values),
            ArbMap.Default.GeneratorFor<string>().Select(text => JsonSerializer.Serialize(text))));
        var bodies = Gen.Zip(Gen.Elements(Paths), Gen.ListOf(fields)).Select(pair => (
            Path: pair.Item1,
            Body: $"{{{string.Join(',', pair.Item2.Select(field => $"\"{field.Item1}\":{field.Item2}"))}}}"));

        Check(bodies, 400);
    }

    [Fact]
    public void Body_OfAnyText_IsNeverAFaultOfTheServer() => Check(
        Gen.Zip(Gen.Elements(Paths), ArbMap.Default.GeneratorFor<string>()).Select(pair => (Path: pair.Item1, Body: pair.Item2 ?? "")), 150);

    [Fact]
    public async Task Body_OfAnAdministrator_IsNeverAFaultOfTheServer()
    {
        using var client = await SignedInAsync();
        var fields = Gen.Zip(Gen.Elements(BearerNames), Gen.OneOf(
            Gen.Elements(BearerValues), ArbMap.Default.GeneratorFor<string>().Select(text => JsonSerializer.Serialize(text))));
        var calls = Gen.Zip(Gen.Elements(BearerPaths), Gen.ListOf(fields)).Select(pair => (
            Call: pair.Item1, Body: $"{{{string.Join(',', pair.Item2.DistinctBy(field => field.Item1).Select(field => $"\"{field.Item1}\":{field.Item2}"))}}}"));
        Prop.ForAll(calls.ToArbitrary(), sent => IsAnsweredAsync(client, sent.Call.Path, Encoding.UTF8.GetBytes(sent.Body), sent.Call.Method))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(4711, 4711));
        Assert.Empty(api.Errors.Lines);
    }

    [Fact]
    public async Task Query_OfAnAdministrator_IsNeverAFaultOfTheServer()
    {
        using var client = await SignedInAsync();
        var calls = Gen.Zip(Gen.Elements(Queries), Gen.OneOf(Gen.Elements(BearerValues), ArbMap.Default.GeneratorFor<string>()));
        Prop.ForAll(calls.ToArbitrary(), sent => IsAnsweredAsync(
                client, "/api/v1/admin" + string.Format(System.Globalization.CultureInfo.InvariantCulture, sent.Item1, Escape(sent.Item2 ?? "")), [], "GET"))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(150).WithReplay(4711, 4711));
        Assert.Empty(api.Errors.Lines);
    }

    private static string Escape(string text)
    {
        // Halves of characters have no form in an address, and this client sends no NUL in a path.
        return Uri.EscapeDataString(string.Concat(text.EnumerateRunes()).Replace("\0", "", StringComparison.Ordinal));
    }

    /// <summary>An operator of the platform, who may call everything.</summary>
    private async Task<HttpClient> SignedInAsync()
    {
        var client = api.CreateClient();
        using var answer = await client.PostAsync(
            new Uri("/api/v1/auth/tenants/platform/login", UriKind.Relative),
            new StringContent("{\"email\":\"operator@portal.example\",\"password\":\"blue-kettle-walks-at-noon\"}", Encoding.UTF8, "application/json"),
            Cancellation);
        using var document = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Cancellation));
        client.DefaultRequestHeaders.Authorization = new("Bearer", document.RootElement.GetProperty("data").GetProperty("access_token").GetString());
        return client;
    }

    private void Check(Gen<(string Path, string Body)> bodies, int count)
    {
        using var client = api.CreateClient();
        Prop.ForAll(bodies.ToArbitrary(), sent => IsAnsweredAsync(client, sent.Path, Encoding.UTF8.GetBytes(sent.Body)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(4711, 4711));
        Assert.Empty(api.Errors.Lines);
    }

    private static async Task<bool> IsAnsweredAsync(HttpClient client, string path, byte[] body, string method = "POST")
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative)) { Content = method == "GET" ? null : content };
        using var response = await client.SendAsync(request, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        if (response.Content.Headers.ContentType?.MediaType == "application/x-ndjson")
        {
            return true;
        }

        using var document = JsonDocument.Parse(text);
        return (int)response.StatusCode < 500 && document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
    }
}
