using System.Net;
using System.Text.Json;

namespace LoginPortal.Api.Tests.Behaviour;

public sealed class TenantAuthClient(HttpClient http) : Client(http)
{
    public override string PasswordPath => PathOf("acme", "login");

    public override HttpStatusCode MalformedStatus => HttpStatusCode.UnprocessableEntity;

    public override bool Refreshes => true;

    public override bool TellsUsedCodes => true;

    public override (HttpMethod Method, string Path) BearerCall => (HttpMethod.Get, "/api/v1/me");

    public static string PathOf(string tenant, string rest) => $"/api/v1/auth/tenants/{tenant}/{rest}";

    public override Dictionary<string, object?> PasswordBody(string tenant, string address, string password) =>
        new(StringComparer.Ordinal) { ["email"] = address, ["password"] = password };

    public override Task<Answer> SignInAsync(string tenant, string address, string password) =>
        PostAsync(PathOf(tenant, "login"), PasswordBody(tenant, address, password));

    public override Task<Answer> TotpAsync(string tenant, string handle, string code) =>
        PostAsync(PathOf(tenant, "mfa/verify"), new { mfa_token = handle, method = "totp", code });

    public override Task<Answer> RecoveryCodeAsync(string tenant, string handle, string code) =>
        PostAsync(PathOf(tenant, "mfa/verify"), new { mfa_token = handle, method = "recovery_code", code });

    public override async Task<Answer> EnrolAsync(string tenant, Answer owed, Func<string, string> codeOfSecret)
    {
        var begun = await PostAsync("/api/v1/me/mfa/totp/enable", new { }, owed.Token);
        var secret = begun.Json.GetProperty("data").GetProperty("secret").GetString()!;
        return await PostAsync("/api/v1/me/mfa/totp/confirm", new { code = codeOfSecret(secret) }, owed.Token);
    }

    public override Task<Answer> RefreshAsync(string tenant, string? token, string refreshToken) =>
        PostAsync(PathOf(tenant, "token/refresh"), new { refresh_token = refreshToken });

    public override bool TakesPasskeys => true;

    public override async Task<Challenge> BeginPasskeyAsync(string tenant, string address) =>
        Read(await PostAsync(PathOf(tenant, "passkey/begin"), new { email = address }));

    public override async Task<Challenge> BeginSecondPasskeyAsync(string tenant, string address, Guid userId, string handle) =>
        Read(await PostAsync(PathOf(tenant, $"mfa/webauthn/begin?mfa_token={handle}&user_id={userId}"), new { }));

    public override Task<Answer> PasskeyAsync(string tenant, string challengeId, string credential, string? handle = null)
    {
        var parsed = JsonElement.Parse(credential);
        return handle is null
            ? PostAsync(PathOf(tenant, "passkey/complete"), new { challenge_id = challengeId, credential = parsed })
            : PostAsync(PathOf(tenant, "mfa/verify"), new { mfa_token = handle, method = "webauthn", challenge_id = challengeId, credential = parsed });
    }

    private static Challenge Read(Answer answer)
    {
        var data = answer.Json.GetProperty("data");
        return new Challenge(data.GetProperty("challenge_id").GetString()!, data.GetProperty("options").GetRawText());
    }

    public override Task<HttpResponseMessage> LogoutAsync(string tenant, string token) =>
        SendAsync(HttpMethod.Post, PathOf(tenant, "logout"), token: token);

    public override bool IsError(JsonElement json) => Text(json, "error", "code") is { Length: > 0 } && Text(json, "error", "message") is { Length: > 0 }
        && Text(json, "error", "request_id") is { Length: > 0 };

    protected override Answer Complete(Answer answer) => answer with
    {
        Token = Text(answer.Json, "data", "access_token"),
        RefreshToken = Text(answer.Json, "data", "refresh_token"),
        Handle = Text(answer.Json, "data", "mfa_token"),
    };

    protected override Meaning MeaningOf(HttpStatusCode status, JsonElement json) =>
        (status, Text(json, "data", "status"), Text(json, "data", "error"), Text(json, "error", "code")) switch
        {
            (HttpStatusCode.OK, "mfa_required", _, _) => Meaning.SecondFactorNeeded,
            (HttpStatusCode.OK, "enrollment_required", _, _) => Meaning.EnrolmentOwed,
            (HttpStatusCode.OK, "failed", "code_used", _) => Meaning.CodeUsed,
            (HttpStatusCode.OK, "failed", "invalid_code", _) => Meaning.CodeRefused,
            (HttpStatusCode.OK, "failed", "assertion_rejected", _) => Meaning.PasskeyRefused,
            (HttpStatusCode.Unauthorized, _, _, "passkey_refused") => Meaning.PasskeyRefused,
            (HttpStatusCode.OK, _, _, _) when Text(json, "data", "access_token") is not null => Meaning.SignedIn,
            (HttpStatusCode.OK, _, _, _) => Meaning.Done,
            (HttpStatusCode.Unauthorized, _, _, "invalid_credentials") => Meaning.CredentialsRefused,
            (HttpStatusCode.Unauthorized, _, _, "mfa_token_invalid") => Meaning.HandleEnded,
            (HttpStatusCode.Forbidden, _, _, "email_not_verified") => Meaning.AddressNotVerified,
            (HttpStatusCode.Forbidden, _, _, "password_change_required") => Meaning.PasswordChangeNeeded,
            (HttpStatusCode.TooManyRequests, _, _, "too_many_attempts") => Meaning.Throttled,
            (HttpStatusCode.UnprocessableEntity, _, _, null) when json.GetProperty("detail").GetArrayLength() > 0 => Meaning.Malformed,
            _ => Meaning.Other,
        };
}
