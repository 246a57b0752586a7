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

    private void Check(Gen<(string Path, string Body)> bodies, int count)
    {
        using var client = api.CreateClient();
        Prop.ForAll(bodies.ToArbitrary(), sent => IsAnsweredAsync(client, sent.Path, Encoding.UTF8.GetBytes(sent.Body)))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(count).WithReplay(4711, 4711));
        Assert.Empty(api.Errors.Lines);
    }

    private static async Task<bool> IsAnsweredAsync(HttpClient client, string path, byte[] body)
    {
        using var content = new ByteArrayContent(body);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        using var response = await client.PostAsync(new Uri(path, UriKind.Relative), content, Cancellation);
        var text = await response.Content.ReadAsStringAsync(Cancellation);
        using var document = JsonDocument.Parse(text);
        return (int)response.StatusCode < 500 && document.RootElement.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
    }
}
