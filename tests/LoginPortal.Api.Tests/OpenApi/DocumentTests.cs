using System.Text.Json;

namespace LoginPortal.Api.Tests.OpenApi;

/// <summary>What the documents say, and that they say what the published contracts do.</summary>
public sealed class DocumentTests(ApiFixture api) : IClassFixture<ApiFixture>
{
    /// <summary>Set to 1 to write the documents anew instead of comparing them.</summary>
    private const string WriteVariable = "LOGINPORTAL_WRITE_OPENAPI";

    private const string Login = "/api/v1/auth/tenants/{tenant_slug}/login";
    private const string Verify = "/api/v1/auth/tenants/{tenant_slug}/mfa/verify";
    private const string Register = "/api/v1/auth/tenants/{tenant_slug}/register";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("tenant_auth")]
    [InlineData("accounts")]
    [InlineData("system_auth")]
    [InlineData("user_passport")]
    public async Task Document_Served_IsTheOneThatIsKept(string name)
    {
        var served = (await ReadTextAsync(name)).ReplaceLineEndings("\n").TrimEnd() + "\n";
        var file = Path.Combine(Repository.Root, "docs", "openapi", $"{name}.json");
        if (Environment.GetEnvironmentVariable(WriteVariable) == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await File.WriteAllTextAsync(file, served, Cancellation);
        }

        Assert.Equal(await File.ReadAllTextAsync(file, Cancellation), served);
    }

    [Theory]
    [InlineData("tenant_auth", Login, "post", "request", "email* (email), password*, remember_me, trusted_device_token")]
    [InlineData("tenant_auth", Login, "post", "200/data", "status*, user_id, mfa_required, mfa_token, available_methods, default_method, session_id, redirect_uri")]
    [InlineData("tenant_auth", Login, "post", "200/meta", "request_id, timestamp (date-time)")]
    [InlineData("tenant_auth", Login, "post", "422", "detail")]
    [InlineData("tenant_auth", Login, "post", "401", "error")]
    [InlineData("tenant_auth", Verify, "post", "request", "mfa_token*, user_id, method*, code, challenge_id, credential, remember_device, trust_device, device_fingerprint")]
    [InlineData("tenant_auth", Verify, "post", "200/data", "status*, session_id, redirect_uri, trusted_device_token, error")]
    [InlineData("tenant_auth", Register, "post", "request", "email* (email), password*, first_name*, last_name*, captcha_token, redirect_uri, custom_data")]
    [InlineData("tenant_auth", Register, "post", "200/data", "user_id*, status*, message*")]
    [InlineData("tenant_auth", "/api/v1/auth/tenants/{tenant_slug}/forgot-password", "post", "request", "email* (email), redirect_uri")]
    [InlineData("tenant_auth", "/api/v1/auth/tenants/{tenant_slug}/password/forgot", "post", "request", "email* (email), redirect_uri")]
    [InlineData("tenant_auth", "/api/v1/auth/tenants/{tenant_slug}/password/reset", "post", "request", "token*, new_password*")]
    [InlineData("tenant_auth", "/api/v1/auth/tenants/{tenant_slug}/mfa/email/send", "post", "parameters", "tenant_slug*, mfa_token*, user_id*")]
    [InlineData("tenant_auth", "/api/v1/auth/tenants/{tenant_slug}/mfa/webauthn/begin", "post", "parameters", "tenant_slug*, mfa_token*, user_id*")]
    [InlineData("tenant_auth", "/api/v1/auth/tenants/{tenant_slug}/verify-email", "get", "parameters", "tenant_slug*, token*")]
    [InlineData("accounts", "/accounts/auth-with-password", "post", "request", "account, email* (email), password* (password)")]
    [InlineData("accounts", "/accounts/auth-with-password", "post", "200", "data*")]
    [InlineData("accounts", "/accounts/auth-with-password", "post", "200/data/0", "refresh_token, auth_token, passkey_enabled, totp_enabled, account")]
    [InlineData("accounts", "/accounts/auth-with-password", "post", "200/data/0/account", "name, id, display_name, root_email, subscription_status")]
    [InlineData("accounts", "/accounts/auth-with-password", "post", "200/data/1", "token, passkey_enabled, totp_enabled")]
    [InlineData("accounts", "/accounts/auth-with-password", "post", "401", "error")]
    [InlineData("accounts", "/accounts/begin-auth-with-passkey", "post", "request", "account, email* (email)")]
    [InlineData("accounts", "/accounts/begin-auth-with-passkey", "post", "200/data", "challenge, timeout, rpId, allowCredentials, userVerification")]
    [InlineData("accounts", "/accounts/begin-auth-with-passkey", "post", "400", "error")]
    [InlineData("accounts", "/accounts/begin-auth-with-passkey", "post", "401", "error")]
    [InlineData("system_auth", "/v1/auth/login", "post", "request", "email* (email), password*, tenant_slug")]
    [InlineData("system_auth", "/v1/auth/login", "post", "200", "token, expires_at (date-time), mfa_required, challenge_id (uuid), methods, enrollment_required")]
    [InlineData("system_auth", "/v1/auth/login", "post", "400", "code*, message*, details, notices")]
    [InlineData("system_auth", "/v1/auth/login", "post", "401", "code*, message*, details, notices")]
    [InlineData("system_auth", "/v1/auth/login", "post", "403", "code*, message*, details, notices")]
    [InlineData("user_passport", "/user/login", "post", "request", "email* (email), password*")]
    [InlineData("user_passport", "/user/login", "post", "200", "mfa_enabled, mfa_verified, mfa_svg, message, token")]
    [InlineData("user_passport", "/user/login", "post", "401", "message")]
    [InlineData("user_passport", "/user/passport", "post", "request", "totp, token*")]
    [InlineData("user_passport", "/user/passport", "post", "200", "message, auth_token")]
    [InlineData("user_passport", "/user/passport", "post", "401", "message")]
    public async Task Document_OfAContract_HoldsWhatIsPublished(string name, string path, string method, string part, string fields)
    {
        using var document = JsonDocument.Parse(await ReadTextAsync(name));
        var operation = document.RootElement.GetProperty("paths").GetProperty(path).GetProperty(method);

        var found = part == "parameters" ? ParametersOf(operation) : FieldsOf(document.RootElement, SchemaOf(document.RootElement, operation, part));

        Assert.All(fields.Split(", "), field => Assert.Contains(field, found));
        Assert.Equal(
            fields.Split(", ").Count(field => field.Contains('*', StringComparison.Ordinal)),
            found.Count(field => field.Contains('*', StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Document_OfSystemAuth_NamesTheMethods()
    {
        using var document = JsonDocument.Parse(await ReadTextAsync("system_auth"));
        var methods = document.RootElement.GetProperty("components").GetProperty("schemas").GetProperty("SystemMfaMethod").GetProperty("enum");

        Assert.Equal(["totp", "webauthn_passkey", "webauthn_fido"], methods.EnumerateArray().Select(method => method.GetString()));
    }

    private async Task<string> ReadTextAsync(string name)
    {
        using var client = api.CreateClient();
        return await client.GetStringAsync(new Uri($"/openapi/{name}.json", UriKind.Relative), Cancellation);
    }

    private static List<string> ParametersOf(JsonElement operation) =>
        [.. operation.GetProperty("parameters").EnumerateArray().Select(parameter =>
            parameter.GetProperty("name").GetString() + (parameter.TryGetProperty("required", out var required) && required.GetBoolean() ? "*" : ""))];

    private static JsonElement SchemaOf(JsonElement document, JsonElement operation, string part)
    {
        var steps = part.Split('/');
        var holder = steps[0] == "request" ? operation.GetProperty("requestBody") : operation.GetProperty("responses").GetProperty(steps[0]);
        var schema = Resolve(document, holder.GetProperty("content").GetProperty("application/json").GetProperty("schema"));
        foreach (var step in steps.Skip(1))
        {
            schema = Resolve(document, int.TryParse(step, out var index) ? schema.GetProperty("oneOf")[index] : schema.GetProperty("properties").GetProperty(step));
        }

        return schema;
    }

    private static JsonElement Resolve(JsonElement document, JsonElement schema)
    {
        if (schema.TryGetProperty("oneOf", out var choices) && choices.EnumerateArray().Where(choice => choice.TryGetProperty("$ref", out _)).ToList() is [var only])
        {
            schema = only;
        }

        return schema.TryGetProperty("$ref", out var reference)
            ? document.GetProperty("components").GetProperty("schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;
    }

    private static List<string> FieldsOf(JsonElement document, JsonElement schema)
    {
        var required = schema.TryGetProperty("required", out var names) ? names.EnumerateArray().Select(name => name.GetString()).ToHashSet() : [];
        return [.. schema.GetProperty("properties").EnumerateObject().Select(property =>
            property.Name
            + (required.Contains(property.Name) ? "*" : "")
            + (Resolve(document, property.Value).TryGetProperty("format", out var format) && format.GetString() is "email" or "uuid" or "date-time" or "password" ? $" ({format.GetString()})" : ""))];
    }
}
