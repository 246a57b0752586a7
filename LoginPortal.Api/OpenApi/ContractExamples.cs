using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace LoginPortal.Api.OpenApi;

/// <summary>Examples of the calls that a client makes first.</summary>
internal static class ContractExamples
{
    private const string Json = "application/json";

    private const string Account =
        """{"name":"acme","id":"018f4e7c-0000-7000-8000-000000000001","display_name":"ACME Corporation","root_email":"admin@acme.com","subscription_status":"active"}""";

    /// <summary>Path, then name, then body; a status for an answer, none for a request.</summary>
    private static readonly IReadOnlyList<(string Path, string? Status, string Name, string Body)> All =
    [
        ("api/v1/auth/tenants/{tenant_slug}/login", null, "password", """{"email":"user@acme.example","password":"blue-kettle-walks-at-noon","remember_me":false}"""),
        ("accounts/auth-with-password", null, "basicAuth", """{"email":"user@example.com","password":"SecurePassword123"}"""),
        ("accounts/auth-with-password", null, "withAccount", """{"account":"acme","email":"user@example.com","password":"SecurePassword123"}"""),
        ("accounts/auth-with-password", "200", "authSuccess", """{"data":{"refresh_token":"q1v…","auth_token":"eyJhbGciOiJFUzI1NiIs…","passkey_enabled":false,"totp_enabled":false,"account":""" + Account + "}}"),
        ("accounts/auth-with-password", "200", "mfaRequired", """{"data":{"token":"0b8c5d0e-6f0b-4c4e-9a43-0c1d5f5a7a11","passkey_enabled":false,"totp_enabled":true}}"""),
        ("accounts/auth-with-password", "401", "refused", """{"error":"E-mail address or password is wrong."}"""),
        ("accounts/begin-auth-with-passkey", null, "passkey", """{"email":"user@example.com","account":"acme"}"""),
        ("v1/auth/login", null, "password", """{"email":"hello@example.com","password":"example","tenant_slug":"example"}"""),
        ("v1/auth/login", "200", "mfaRequired", """{"mfa_required":true,"challenge_id":"0b8c5d0e-6f0b-4c4e-9a43-0c1d5f5a7a11","methods":["totp"],"enrollment_required":false}"""),
        ("user/login", null, "password", """{"email":"john@acme.com","password":"SDf345FCe"}"""),
        ("user/login", "200", "success", """{"mfa_enabled":false,"mfa_verified":false,"mfa_svg":null,"message":"Login was successful","token":"0b8c5d0e-6f0b-4c4e-9a43-0c1d5f5a7a11"}"""),
        ("user/passport", null, "withoutSecondFactor", """{"totp":null,"token":"0b8c5d0e-6f0b-4c4e-9a43-0c1d5f5a7a11"}"""),
        ("user/passport", "200", "success", """{"message":"Login Successful","auth_token":"eyJhbGciOiJFUzI1NiIs…"}"""),
    ];

    public static void AddTo(OpenApiOperation operation, string path)
    {
        foreach (var (_, status, name, body) in All.Where(example => example.Path == path))
        {
            var content = status is null ? operation.RequestBody?.Content : operation.Responses?[status].Content;
            if (content?[Json] is OpenApiMediaType media)
            {
                media.Examples ??= new Dictionary<string, IOpenApiExample>(StringComparer.Ordinal);
                media.Examples[name] = new OpenApiExample { Value = JsonNode.Parse(body) };
            }
        }
    }
}
